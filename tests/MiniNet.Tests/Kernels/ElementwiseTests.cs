using System.Numerics;

namespace MiniNet.Tests.Kernels;

public class ElementwiseTests
{
    private const int Length = 4096, Guard = 40;

    private static readonly Dictionary<string, Activation> Activations = new Activation[]
    {
        new Identity(), new ReLU(), new LeakyReLU(), new ELU(), new Sigmoid(), new HardSigmoid(), new Tanh(), new SiLU(), new Softplus(), new GELU(), new GELU(GeluApproximation.Tanh),
    }.ToDictionary(a => a.ToString());

    public static TheoryData<string> Names => [.. Activations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_activation_gives_an_element_the_same_bits_at_any_length_and_place_in_float(string name) => CheckActivation<float>(Activations[name]);

    [Theory]
    [MemberData(nameof(Names))]
    public void An_activation_gives_an_element_the_same_bits_at_any_length_and_place_in_double(string name) => CheckActivation<double>(Activations[name]);

    [Fact]
    public void A_map_writes_every_element_and_none_beside_them()
    {
        CheckMap<float>();
        CheckMap<double>();
        CheckMap<Half>();
    }

    [Fact]
    public void A_map_may_work_in_place()
    {
        float[] x = [.. Enumerable.Range(0, 37).Select(i => (float)i)];
        Elementwise.Map(new Double<float>(), x, x);
        Assert.Equal(Enumerable.Range(0, 37).Select(i => 2f * i), x);
    }

    [Fact]
    public void Every_activation_has_a_case()
    {
        IEnumerable<Type> all = typeof(Activation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Activation)));
        Assert.Equal(all.Select(t => t.Name).Order(), Activations.Values.Select(a => a.GetType().Name).Distinct().Order());
    }

    private static void CheckActivation<T>(Activation activation) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // One input a sample, so that a batch is a span of any length.
        Trainer<T> trainer = new(new Sequential<T>(1, seed: 1, activation), new Sgd(0), maxDegreeOfParallelism: 1);
        RandomStream random = new(1);
        T[] x = [.. Enumerable.Range(0, Length).Select(i => T.CreateChecked(4 * random.Normal(i)))], dy = [.. Enumerable.Range(0, Length).Select(i => T.CreateChecked(random.Normal(Length + i)))];
        T[] dx = new T[Length], y = [.. trainer.Forward(x)];
        trainer.Backpropagate(dy, dx);
        for (int length = 1; length < 32; length++)
        {
            foreach (int from in (int[])[0, 1, 6, 1000 + length, Length - length])
            {
                T[] part = new T[length];
                string what = $"{activation} of {length} from {from}";
                Bits.AssertSame(y.AsSpan(from, length), trainer.Forward(x.AsSpan(from, length)), what);
                trainer.Backpropagate(dy.AsSpan(from, length), part);
                Bits.AssertSame<T>(dx.AsSpan(from, length), part, "derivative of " + what);
            }
        }
    }

    private static void CheckMap<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        T guard = T.CreateChecked(-77);
        for (int n = 0; n <= 70; n++)
        {
            T[] a = [.. Enumerable.Range(0, n).Select(i => T.CreateChecked(i))], b = [.. Enumerable.Range(0, n).Select(i => T.CreateChecked(3 * i))];
            T[] memory = [.. Enumerable.Repeat(guard, n + (2 * Guard))];
            Elementwise.Map(new Double<T>(), a, memory.AsSpan(Guard));
            CheckMemory(memory, a, 2);
            Elementwise.Map(new Difference<T>(), b, a, memory.AsSpan(Guard));
            CheckMemory(memory, a, 2);
            Elementwise.Map(new Difference<T>(), a, b, memory.AsSpan(Guard));
            CheckMemory(memory, a, -2);
        }

        void CheckMemory(T[] memory, T[] a, int factor)
        {
            Assert.Equal(a.Select(v => T.CreateChecked(factor) * v), memory[Guard..^Guard]);
            Assert.All(memory[..Guard], v => Assert.Equal(guard, v));
            Assert.All(memory[^Guard..], v => Assert.Equal(guard, v));
        }
    }

    private struct Double<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => TSimd.Add(x, x);
    }

    private struct Difference<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector a, TVector b) where TSimd : struct, IArithmetic<TVector, T> => TSimd.Subtract(a, b);
    }
}
