using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>Matrix products: the squares, and what the Dense layers of known networks do forward and backward.</summary>
internal sealed unsafe class Products
{
    private const double SlowLimit = 2.5e9;                            // operations above which plain loops would take many seconds a call

    private readonly Contest contest;
    private readonly IReadOnlyList<OpenBlas> blas;
    private readonly bool hasTorch;
    private readonly Table table;

    private Products(Options options)
    {
        contest = new(options with { Threads = 1 });
        Managed.Start(threads: 1);
        blas = OpenBlas.Load(threads: 1, out string? noBlas);
        string? noTorch = Torch.WhyMissing(threads: 1);
        hasTorch = noTorch is null;
        List<string> columns = ["product, rows × columns × inner", "peak GFLOP/s", "MiniNet", "share of peak", "spread", "plain loops", "Math.NET managed"];
        columns.AddRange(blas.Select(b => $"OpenBLAS, {b.Core} kernels"));
        if (hasTorch)
            columns.Add("TorchSharp");
        string[] notes =
        [
            "MatrixPrimitives works on the thread that calls it, so everyone has one thread here.",
            "A peer's cell: its share of the peak; its time over MiniNet's.",
            .. blas.Select(b => $"OpenBLAS with {b.Core} kernels: {b.Configuration}."),
        ];
        table = new("products", notes, [noBlas, noTorch], columns);
    }

    private enum Kind
    {
        Plain,
        TransposeX,
        TransposeY,
    }

    public static void Run(Options options)
    {
        Products suite = new(options);
        foreach (int n in new[] { 32, 64, 128, 256, 512, 1024, 2048 })
            suite.Measure<float>($"{n}³", Kind.Plain, n, n, n);
        foreach ((int batch, int inputs, int outputs) in new[] { (32, 784, 128), (128, 784, 128), (64, 512, 512), (128, 128, 10) })
        {
            suite.Measure<float>("x·W", Kind.Plain, batch, outputs, inputs);
            suite.Measure<float>("dW = xᵀ·dy", Kind.TransposeX, inputs, outputs, batch);
            suite.Measure<float>("dx = dy·Wᵀ", Kind.TransposeY, batch, inputs, outputs);
        }
        suite.Measure<float>("one row, x·W", Kind.Plain, 1, 128, 784);
        foreach (int n in new[] { 128, 512, 1024 })
            suite.Measure<double>($"{n}³", Kind.Plain, n, n, n);
    }

    private void Measure<T>(string name, Kind kind, int rows, int columns, int inner) where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isDouble = typeof(T) == typeof(double), tx = kind == Kind.TransposeX, ty = kind == Kind.TransposeY;
        double operations = 2.0 * rows * columns * inner;
        using AlignedBuffer<T> x = new AlignedBuffer<T>(rows * inner).Fill(1), y = new AlignedBuffer<T>(inner * columns).Fill(2);
        using AlignedBuffer<T> right = new(rows * columns), own = new(rows * columns);
        Action multiply = kind switch
        {
            Kind.TransposeX => () => MatrixPrimitives.TransposeMultiply<T>(x.Span, y.Span, own.Span, rows, inner, columns),
            Kind.TransposeY => () => MatrixPrimitives.MultiplyTranspose<T>(x.Span, y.Span, own.Span, rows, inner, columns),
            _ => () => MatrixPrimitives.Multiply<T>(x.Span, y.Span, own.Span, rows, inner, columns),
        };
        Action loops = kind switch
        {
            Kind.TransposeX => () => Naive.TransposeMultiply<T>(x.Span, y.Span, right.Span, rows, inner, columns),
            Kind.TransposeY => () => Naive.MultiplyTranspose<T>(x.Span, y.Span, right.Span, rows, inner, columns),
            _ => () => Naive.Multiply<T>(x.Span, y.Span, right.Span, rows, inner, columns),
        };
        loops();
        multiply();
        double tolerance = isDouble ? 1e-12 : 1e-4;
        Agreement.Check<T>($"MiniNet, {name}", own.Span, right.Span, tolerance);

        List<Contestant?> contestants = [Peak.Contestant(isDouble), new("MiniNet", multiply)];
        bool isSlow = operations > SlowLimit;
        contestants.Add(isSlow ? null : new("plain loops", loops));
        contestants.Add(isSlow ? null : new("Math.NET", MathNetProduct(x, y, tx, ty, rows, columns, inner, right, tolerance)));
        using AlignedBuffer<T> theirs = new(rows * columns);
        foreach (OpenBlas library in blas)
        {
            Action run = () => library.Multiply(x.Pointer, y.Pointer, theirs.Pointer, rows, inner, columns, tx, ty);
            run();
            Agreement.Check<T>($"OpenBLAS, {name}", theirs.Span, right.Span, tolerance);
            contestants.Add(new("OpenBLAS", run));
        }
        using IDisposable? scope = hasTorch ? AddTorch(contestants, x, y, tx, ty, rows, columns, inner, right, tolerance) : null;

        Timing[] timings = contest.Run([.. contestants.OfType<Contestant>()]);
        double peak = Peak.Operations(isDouble) / timings[0].Seconds;
        List<string> cells =
        [
            $"{name}{(rows == columns && rows == inner ? "" : $" {rows}×{columns}×{inner}")}{(isDouble ? ", double" : "")}",
            Table.Digits(peak / 1e9), Table.Time(timings[1].Seconds), Table.Percent(operations / timings[1].Seconds / peak), Table.Percent(timings[1].Spread),
        ];
        int next = 2;
        foreach (Contestant? peer in contestants.Skip(2))
        {
            if (peer is null)
            {
                cells.Add("too slow to wait for");
                continue;
            }
            double seconds = timings[next++].Seconds;
            cells.Add($"{Table.Percent(operations / seconds / peak)} · {Table.Ratio(seconds, timings[1].Seconds)}");
        }
        table.Add(cells);
    }

    private static Action MathNetProduct<T>(AlignedBuffer<T> x, AlignedBuffer<T> y, bool tx, bool ty, int rows, int columns, int inner, AlignedBuffer<T> right, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Matrix<T> a = Matrix<T>.Build.DenseOfRowMajor(tx ? inner : rows, tx ? rows : inner, x.Span.ToArray());
        Matrix<T> b = Matrix<T>.Build.DenseOfRowMajor(ty ? columns : inner, ty ? inner : columns, y.Span.ToArray());
        Matrix<T> c = Matrix<T>.Build.Dense(rows, columns);
        Action run = tx ? () => a.TransposeThisAndMultiply(b, c) : ty ? () => a.TransposeAndMultiply(b, c) : () => a.Multiply(b, c);
        run();
        Agreement.Check<T>("Math.NET", c.ToRowMajorArray(), right.Span, tolerance);
        return run;
    }

    private static torch.Tensor AddTorch<T>(List<Contestant?> contestants, AlignedBuffer<T> x, AlignedBuffer<T> y, bool tx, bool ty, int rows, int columns, int inner, AlignedBuffer<T> right, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        torch.Tensor a = torch.from_array(x.Span.ToArray()).reshape(tx ? inner : rows, tx ? rows : inner);
        torch.Tensor b = torch.from_array(y.Span.ToArray()).reshape(ty ? columns : inner, ty ? inner : columns);
        (torch.Tensor left, torch.Tensor second) = (tx ? a.t() : a, ty ? b.t() : b);
        torch.Tensor c = torch.mm(left, second);
        Agreement.Check<T>("TorchSharp", c.data<T>().ToArray(), right.Span, tolerance);
        contestants.Add(new("TorchSharp", () =>
        {
            using torch.Tensor product = torch.mm(left, second);
        }));
        return c;
    }
}
