using System.Numerics;

namespace MiniNet.Tests.Layers;

public class Conv2DTests
{
    [Fact]
    public void A_kernel_of_ones_sums_what_it_covers_and_the_padding_is_zero()
    {
        Sequential<double> model = new((2, 3, 1), new Conv2D(1, kernel: 2, padding: (0, 1, 1, 0), initializer: new Constant(1), biasInitializer: new Constant(10)));
        Assert.Equal([16, 22, 25, 15, 19, 20], model.Predict([1, 2, 3, 5, 4, 6]));
    }

    [Fact]
    public void A_tap_sees_the_pixel_to_its_right_and_below_and_its_own_channels()
    {
        // One weight is 1, at tap (1, 0), from channel 1 to filter 0: y[i, j, 0] = x[i + 1, j, 1].
        Sequential<double> model = new((3, 2, 2), new Conv2D(2, kernel: (2, 1), initializer: new Zeros()));
        Assert.Equal((2, 1, 2, 2), model.ParameterList[0].Shape);
        Assert.Equal([3, 2, 0, 1], model.ParameterList[0].FileLayout);
        model["0.weight"][(1 * 4) + (1 * 2) + 0] = 1;
        Assert.Equal([8, 0, 10, 0, 12, 0, 14, 0], model.Predict([1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14]));
    }

    [Fact]
    public void Same_padding_keeps_height_and_width_or_divides_them_by_the_stride_rounded_up()
    {
        Assert.Equal((7, 6, 4), Output((7, 6, 1), new Conv2D(4, kernel: (4, 5), padding: Padding.Same)));
        Assert.Equal((4, 2, 4), Output((7, 6, 1), new Conv2D(4, kernel: 3, stride: (2, 3), padding: Padding.Same)));
        Assert.Equal((5, 2, 4), Output((7, 6, 1), new Conv2D(4, kernel: 3, dilation: (1, 2))));
        Assert.Equal((9, 10, 4), Output((7, 6, 1), new Conv2D(4, kernel: 1, padding: (1, 2))));
        Assert.Equal((3, 2, 4), Output((7, 6, 1), new Conv2D(4, kernel: 2, stride: (2, 3))));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Outputs_and_gradients_are_those_of_plain_loops_in_float(int seed) => CheckAgainstLoops<float>(seed, 2e-5);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Outputs_and_gradients_are_those_of_plain_loops_in_double(int seed) => CheckAgainstLoops<double>(seed, 1e-13);

    [Fact]
    public void Half_convolves_too() => CheckAgainstLoops<Half>(3, 2e-2);

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 67)]
    [InlineData(2, 19)]
    [InlineData(4, 3)]
    public void Channels_by_themselves_give_the_same_with_any_padding(int padding, int channels)
    {
        Conv2D layer = new(channels, kernel: 3, padding: padding, groups: channels, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
        Check<float>(layer, (4, 3, channels), batch: 2, seed: 1, 1e-5);
        Check<double>(layer, (3, 14, channels), batch: 3, seed: 2, 1e-13);
    }

    [Fact]
    public void Weights_too_many_for_the_cache_give_the_same_and_to_one_image_the_same_bits_as_to_three()
    {
        Conv2D layer = new(170, kernel: 3, padding: Padding.Same, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));      // 9 · 90 · 170 doubles, more than 1 MB
        Check<double>(layer, (3, 5, 90), batch: 3, seed: 1, 1e-13);
        Sequential<double> model = new((3, 5, 90), seed: 1, layer);
        double[] x = Numbers.Normals<double>(3 * model.InputShape.Length, 1), all = model.Predict(x);
        for (int i = 0; i < 3; i++)
            Assert.Equal(all[(i * model.OutputShape.Length)..((i + 1) * model.OutputShape.Length)], model.Predict(x.AsSpan(i * model.InputShape.Length, model.InputShape.Length)));
    }

    [Fact]
    public void Weights_too_many_for_the_cache_give_the_same_with_strides_dilation_groups_and_rows_that_see_only_zeros()
    {
        Initializer uniform = new Uniform(-1, 1);
        Check<double>(new Conv2D(330, kernel: (2, 3), padding: (3, 1, 0, 2), initializer: uniform, biasInitializer: uniform), (4, 5, 90), batch: 2, seed: 1, 1e-13);
        Check<double>(new Conv2D(340, kernel: 3, stride: (1, 2), padding: 1, groups: 2, initializer: uniform, biasInitializer: uniform), (5, 4, 180), batch: 3, seed: 2, 1e-13);
        Check<float>(new Conv2D(333, kernel: 3, padding: 2, dilation: (1, 2), initializer: uniform, biasInitializer: uniform), (4, 6, 100), batch: 2, seed: 3, 3e-5);
        Check<float>(new Conv2D(520, kernel: (2, 1), stride: 2, initializer: uniform), (6, 3, 270), batch: 1, seed: 4, 3e-5);
        // So many channels that a panel holds but one row of the kernel, however narrow the vectors.
        Check<float>(new Conv2D(66, kernel: 3, padding: 4, initializer: uniform, biasInitializer: uniform), (2, 3, 460), batch: 2, seed: 5, 1e-4);
        Check<double>(new Conv2D(34, kernel: 3, stride: 2, padding: (4, 2), initializer: uniform), (3, 4, 460), batch: 1, seed: 6, 1e-13);
    }

    [Fact]
    public void Images_too_many_for_the_memory_around_them_give_the_same_bits_as_one_by_one()
    {
        // Weights of more than 1 MB, and padded images of 3 MB each: more than are padded at once.
        Sequential<double> model = new((30, 30, 370), seed: 1, new Conv2D(360, kernel: 1, padding: 1));
        double[] x = Numbers.Normals<double>(2 * model.InputShape.Length, 1);
        double[] both = new Trainer<double>(model, new Sgd(0), maxDegreeOfParallelism: 1).Forward(x).ToArray();
        for (int i = 0; i < 2; i++)
            Assert.Equal(both[(i * model.OutputShape.Length)..((i + 1) * model.OutputShape.Length)], model.Predict(x.AsSpan(i * model.InputShape.Length, model.InputShape.Length)));
    }

    [Theory]
    [InlineData(17, 18, 67, 70, 3, 2, 1, 1, 4)]                        // parts of vectors beyond the first panel
    [InlineData(45, 44, 67, 66, 2, 3, 1, 1, 3)]                        // images of half a MB: one at a time
    [InlineData(16, 17, 70, 130, 1, 1, 1, 1, 2)]
    [InlineData(18, 17, 81, 90, 2, 3, 1, 3, 8)]
    [InlineData(13, 14, 70, 68, 3, 1, 2, 1, 3)]
    public void Rows_of_weights_wider_than_a_tile_give_the_same_and_to_one_image_the_same_bits_as_to_all(int height, int width, int channels, int filters, int kernel, int stride, int dilation, int groups, int batch)
    {
        Conv2D layer = new(filters, kernel, stride, kernel / 2, dilation, groups, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
        Check<float>(layer, (height, width, channels), batch, seed: 1, 3e-5);
        Check<double>(layer, (height, width, channels), batch, seed: 2, 1e-13);
        Sequential<float> model = new((height, width, channels), seed: 1, layer);
        float[] x = Numbers.Normals<float>(batch * model.InputShape.Length, 1), dy = Numbers.Normals<float>(batch * model.OutputShape.Length, 2), dx = new float[x.Length], oneDx = new float[model.InputShape.Length];
        Trainer<float> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1), one = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
        float[] y = trainer.Forward(x).ToArray();
        trainer.Backpropagate(dy, dx);
        for (int i = 0; i < batch; i++)
        {
            Range input = (i * model.InputShape.Length)..((i + 1) * model.InputShape.Length), output = (i * model.OutputShape.Length)..((i + 1) * model.OutputShape.Length);
            Assert.Equal(y[output], one.Forward(x.AsSpan(input)).ToArray());
            one.Backpropagate(dy.AsSpan(output), oneDx);
            Assert.Equal(dx[input], oneDx);
        }
    }

    [Fact]
    public void Gradients_of_weights_are_added_up_over_more_images_than_the_cache_holds()
    {
        // 156 KB an image, with zeros around it, and its gradient: three of five at once.
        Check<float>(new Conv2D(32, kernel: 3, padding: Padding.Same, initializer: new Uniform(-1, 1)), (24, 24, 32), batch: 5, seed: 1, 2e-5);
        Check<float>(new Conv2D(37, kernel: 3, stride: 2, initializer: new Uniform(-1, 1)), (41, 40, 33), batch: 5, seed: 2, 2e-5);
    }

    [Theory]
    [InlineData(1, 1, 3, 1, 64)]
    [InlineData(1, 1, 3, 1, 71)]
    [InlineData(1, 3, 1, 1, 64)]
    [InlineData(1, 3, 1, 1, 26)]
    [InlineData(1, 1, 6, 2, 134)]
    [InlineData(2, 3, 1, 1, 70)]
    [InlineData(4, 3, 1, 1, 70)]
    [InlineData(2, 1, 3, 1, 40)]
    public void Kernels_of_three_rows_and_many_filters_have_all_their_gradients(int height, int width, int channels, int groups, int filters)
    {
        // What a row of the kernel sees is three values: rows of the kernel are stacked to one tile, and one row alone is a tile of three rows.
        Conv2D layer = new(filters, (height, width), groups: groups, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
        Check<float>(layer, (5, 6, channels), batch: 2, seed: 1, 1e-5);
        Check<double>(layer, (5, 6, channels), batch: 2, seed: 2, 1e-13);
        Check<Half>(new Conv2D(4, (height, width), initializer: new Uniform(-1, 1)), (5, 6, channels), batch: 1, seed: 3, 2e-2);
    }

    [Theory]
    [MemberData(nameof(LargeImages))]
    public void Large_images_give_what_plain_loops_give_by_fewer_multiplications(int height, int width, int channels, int filters, Padding padding, int batch)
    {
        Conv2D layer = new(filters, kernel: 3, padding: padding, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
        AssertIsWinograd<float>(layer, (height, width, channels));
        AssertIsWinograd<double>(layer, (height, width, channels));
        Check<float>(layer, (height, width, channels), batch, seed: 1, 1e-5);
        Check<double>(layer, (height, width, channels), batch, seed: 2, 2e-14);
    }

    public static TheoryData<int, int, int, int, Padding, int> LargeImages => new()
    {
        { 12, 12, 16, 16, Padding.Valid, 2 },                          // whole tiles and whole vectors
        { 13, 13, 32, 48, Padding.Valid, 1 },                          // half a tile at the right and below
        { 10, 11, 17, 33, Padding.Same, 3 },                           // parts of vectors, zeros around
        { 25, 4, 16, 19, Padding.Same, 2 },
        { 4, 25, 23, 16, Padding.Same, 2 },
        { 9, 10, 16, 16, (0, 3, 2, 1), 2 },                            // more zeros than a kernel sees, and none
        { 8, 9, 20, 16, 5, 1 },                                        // tiles of nothing but zeros
        { 30, 28, 16, 16, Padding.Same, 3 },                           // more tiles than the cache holds
        { 20, 21, 130, 70, Padding.Same, 1 },
        { 4, 26, 16, 600, Padding.Same, 1 },                           // many filters, which take more memory than the cache's share
    };

    [Theory]
    [MemberData(nameof(FewChannels))]
    public void Few_channels_and_few_filters_give_what_plain_loops_give_and_to_one_image_the_same_bits_as_to_all(
        int height, int width, int few, int many, Shape kernel, Shape stride, Padding padding, Shape dilation, int batch)
    {
        Initializer uniform = new Uniform(-1, 1);
        Conv2D toMany = new(many, kernel, stride, padding, dilation, initializer: uniform, biasInitializer: uniform), toFew = new(few, kernel, stride, padding, dilation, initializer: uniform, biasInitializer: uniform);
        Assert.True(NarrowConvolution<float>.Fits(Geometry(toMany, (height, width, few))));
        ConvolutionGeometry there = Geometry(toFew, (height, width, many));
        Assert.Equal(stride.Length == 1, there.HasConvolutionBackward && NarrowConvolution<double>.Fits(there.Backward()));
        foreach ((Conv2D layer, Shape image) in ((Conv2D, Shape)[])[(toMany, (height, width, few)), (toFew, (height, width, many))])
        {
            Check<float>(layer, image, batch, seed: 1, 2e-5);
            Check<double>(layer, image, batch, seed: 2, 1e-13);
            Sequential<float> model = new(image, seed: 1, layer);
            float[] x = Numbers.Normals<float>(batch * image.Length, 1), dy = Numbers.Normals<float>(batch * model.OutputShape.Length, 2), dx = new float[x.Length], oneDx = new float[image.Length];
            Trainer<float> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 3), one = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
            float[] y = trainer.Forward(x).ToArray();
            trainer.Backpropagate(dy, dx);
            for (int i = 0; i < batch; i++)
            {
                Assert.Equal(y[(i * dy.Length / batch)..((i + 1) * dy.Length / batch)], one.Forward(x.AsSpan(i * image.Length, image.Length)).ToArray());
                one.Backpropagate(dy.AsSpan(i * dy.Length / batch, dy.Length / batch), oneDx);
                Assert.Equal(dx[(i * image.Length)..((i + 1) * image.Length)], oneDx);
            }
        }
    }

    public static TheoryData<int, int, int, int, Shape, Shape, Padding, Shape, int> FewChannels => new()
    {
        { 7, 9, 1, 8, 3, 1, Padding.Valid, 1, 2 },
        { 6, 5, 1, 17, 3, 1, Padding.Same, 1, 3 },                       // an odd number of filters, zeros around
        { 9, 8, 3, 40, 3, 1, Padding.Same, 1, 2 },                       // three channels: part of a vector, and of two in double
        { 40, 120, 1, 9, 3, 1, Padding.Valid, 1, 2 },                    // more rows than there are products of at once
        { 40, 49, 4, 8, (5, 3), 1, (3, 1, 0, 2), 1, 1 },                 // a whole vector, and padding that differs from side to side
        { 14, 13, 1, 16, 4, 2, 1, 1, 2 },                                // what enlarges an image: every pixel is seen by two columns and two rows of the kernel
        { 45, 131, 2, 12, 4, 2, 1, 1, 1 },
        { 15, 17, 3, 8, 3, (3, 2), (1, 0), 1, 2 },
        { 16, 15, 2, 8, 2, 3, Padding.Valid, 1, 2 },                     // pixels between the kernels, which nobody sees
        { 12, 14, 2, 11, (2, 3), 1, 1, (2, 3), 2 },
        { 13, 15, 1, 10, 3, (2, 3), 2, (3, 2), 2 },                      // strides and dilation that share no factor
        { 9, 30, 3, 24, (1, 5), 1, Padding.Same, 1, 2 },                 // a row, as in one dimension
        { 16, 15, 6, 16, 5, 1, Padding.Valid, 1, 3 },                    // as in LeNet: part of a vector of eight
        { 7, 8, 9, 12, 3, 1, Padding.Same, 1, 2 },
        { 9, 11, 13, 40, 3, 1, Padding.Same, 1, 2 },                     // part of a vector of sixteen
        { 13, 12, 20, 24, 3, 2, 1, 1, 2 },                               // more than one vector
    };

    [Fact]
    public void What_mostly_sees_zeros_or_needs_much_memory_goes_the_long_way()
    {
        Assert.True(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 3), (9, 9, 4))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 3, padding: 2), (2, 2, 4))));
        // Packed, the nine taps of twelve channels fill seven vectors; with too few filters, what that saves is spent on adding up. Sixteen channels fill a vector of their own.
        Assert.True(NarrowConvolution<float>.Fits(Geometry(new Conv2D(14, kernel: 3), (9, 9, 12))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(13, kernel: 3), (9, 9, 12))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(4, kernel: 3), (9, 9, 4))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(64, kernel: 4), (9, 9, 16))));
        Assert.True(NarrowConvolution<double>.Fits(Geometry(new Conv2D(64, kernel: 4), (9, 9, 12))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 1), (9, 9, 4))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 3, groups: 2), (9, 9, 4))));
        Assert.False(NarrowConvolution<Half>.Fits(Geometry(new Conv2D(8, kernel: 3), (9, 9, 4))));
        Assert.True(NarrowConvolution<float>.Fits(Geometry(new Conv2D(16, kernel: 3, padding: 1), (512, 512, 3))));
        // The products of the rows that a row sees would not stay in the cache: many taps, wide rows, or rows far apart.
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 15, padding: 7), (64, 64, 4))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 3, padding: 1), (512, 1024, 4))));
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(8, kernel: 3, dilation: 32), (200, 200, 4))));
        // A kernel as large as the image has one output: of the products of all pixels with all taps, one in 64 is wanted.
        Assert.False(NarrowConvolution<float>.Fits(Geometry(new Conv2D(1, kernel: 8), (8, 8, 64)).Backward()));
        Check<float>(new Conv2D(1, kernel: 8, initializer: new Uniform(-1, 1)), (8, 8, 64), batch: 2, seed: 1, 2e-5);
        Check<float>(new Conv2D(8, kernel: 3, padding: 2, initializer: new Uniform(-1, 1)), (2, 2, 4), batch: 2, seed: 1, 1e-5);
    }

    [Theory]
    [InlineData(24, 10, 5, 1, 1)]                                        // 5 × 5
    [InlineData(100, 48, 3, 2, 0)]
    [InlineData(17, 8, 3, 1, 1)]
    [InlineData(40, 17, 3, 1, 0)]                                        // whose way back goes with fewer multiplications
    public void Fewer_filters_than_channels_have_the_gradients_of_plain_loops(int channels, int filters, int kernel, int dilation, int padding)
    {
        Conv2D layer = new(filters, kernel, padding: padding, dilation: dilation, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
        Check<float>(layer, (11, 11, channels), batch: 3, seed: 1, 2e-5);
        Check<double>(layer, (11, 11, channels), batch: 1, seed: 2, 1e-13);
    }

    [Fact]
    public void What_is_not_finite_reaches_those_few_channels_that_see_it_and_no_others()
    {
        Sequential<float> model = new((7, 8, 9), seed: 1, new Conv2D(3, kernel: 3, padding: Padding.Same, initializer: new Constant(1)));
        float[] x = Numbers.Normals<float>(model.InputShape.Length, 1);
        x[(((4 * 8) + 7) * 9) + 2] = float.NegativeInfinity;
        float[] y = model.Predict(x);
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(Math.Abs((i / 3 / 8) - 4) <= 1 && i / 3 % 8 >= 6 ? float.NegativeInfinity : 0, float.IsFinite(y[i]) ? 0 : y[i]);
    }

    [Fact]
    public void Whole_numbers_give_whole_numbers_on_large_images_too()
    {
        Conv2D layer = new(18, kernel: 3, padding: Padding.Same);
        Shape image = (11, 12, 20);
        AssertIsWinograd<float>(layer, image);
        Sequential<float> model = new(image, seed: 1, layer);
        Random random = new(1);
        float[] x = Whole(2 * image.Length), dy = Whole(2 * model.OutputShape.Length), dx = new float[x.Length];
        Whole(model["0.weight"].Length).CopyTo(model["0.weight"]);
        Whole(18).CopyTo(model["0.bias"]);
        Trainer<float> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
        float[] y = trainer.Forward(x).ToArray();
        trainer.Backpropagate(dy, dx);
        PlainConvolution expected = new(layer, image, model.OutputShape, 2, Doubles<float>(x), Doubles<float>(model["0.weight"]), Doubles<float>(model["0.bias"]), Doubles<float>(dy));
        Assert.Equal(expected.Y, Doubles<float>(y));
        Assert.Equal(expected.WeightGradient, Doubles<float>(trainer.Gradients[..model["0.weight"].Length]));
        Assert.Equal(expected.InputGradient, Doubles<float>(dx));

        float[] Whole(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)random.Next(-9, 10))];
    }

    [Fact]
    public void An_image_that_is_too_small_to_gain_has_a_way_back_that_is_not()
    {
        // 9 × 9 = 81 outputs, and 11 × 11 = 121 gradients of pixels.
        Conv2D layer = new(17, kernel: 3, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
        Assert.False(Winograd<float>.Fits(Geometry(layer, (11, 11, 16))));
        Assert.True(Winograd<float>.Fits(Geometry(layer, (11, 11, 16)).Backward()));
        Check<float>(layer, (11, 11, 16), batch: 2, seed: 1, 1e-5);
        Check<double>(layer, (11, 11, 16), batch: 2, seed: 2, 2e-14);
    }

    [Fact]
    public void Nothing_is_written_beside_the_memory_that_a_thread_has_for_tiles_and_weights()
    {
        foreach ((Shape image, int filters) in ((Shape, int)[])[((13, 15, 17), 33), ((12, 12, 16), 16), ((4, 26, 16), 600), ((25, 4, 40), 18)])
        {
            Conv2D layer = new(filters, kernel: 3, padding: Padding.Same);
            AssertIsWinograd<float>(layer, image);
            ConvolutionGeometry geometry = Geometry(layer, image);
            float[] x = Numbers.Normals<float>(9 * geometry.Length, 1), w = Numbers.Normals<float>(geometry.WeightLength, 2), y = new float[9 * geometry.OutputLength];
            int length = Math.Max(WinogradTransform<float>.Length(geometry.Channels, filters), WinogradTransform<float>.Length(filters, geometry.Channels));
            float[] tiles = ConvolutionMemory<float>.Tiles(1 << 20);
            Span<float> weights = ConvolutionMemory<float>.Weights(length + 64);
            tiles.AsSpan().Fill(7);
            weights.Fill(7);
            Convolution.Forward(geometry, x, Convolution.Prepare<float>(geometry, w), [], y);
            Span<float> sums = Convolution.Sums<float>(geometry, 9, w);
            Convolution.Weights(geometry, x, y, sums, 0, Convolution.WeightParts<float>(geometry, 9));
            Convolution.Finish(geometry, sums, w);
            Convolution.Backward(geometry, y, Convolution.Turn<float>(geometry, w, new float[geometry.WeightLength]), [], x);
            Assert.Equal(-1, weights[length..].IndexOfAnyExcept(7));
            int most = Math.Max(
                new WinogradBlocks<float>(geometry, 9, geometry.Channels, filters, inputPlanes: 4, outputPlanes: 4, 128 << 10).Length,
                Math.Max(
                    new WinogradBlocks<float>(geometry, 9, geometry.Channels, filters, inputPlanes: 4, outputPlanes: 16, 512 << 10).Length,
                    new WinogradBlocks<float>(geometry, 9, filters, geometry.Channels, inputPlanes: 4, outputPlanes: 16, 512 << 10).Length));
            Assert.InRange(most, 1, tiles.Length - 1);
            Assert.Equal(-1, tiles.AsSpan(most).IndexOfAnyExcept(7));
        }
    }

    [Fact]
    public void A_large_image_has_the_same_bits_alone_as_among_others()
    {
        Conv2D layer = new(24, kernel: 3, padding: Padding.Same);
        AssertIsWinograd<float>(layer, (15, 14, 40));
        Sequential<float> model = new((15, 14, 40), seed: 1, layer);
        float[] x = Numbers.Normals<float>(9 * model.InputShape.Length, 1);
        float[] all = new Trainer<float>(model, new Sgd(0), maxDegreeOfParallelism: 1).Forward(x).ToArray();
        for (int i = 0; i < 9; i++)
            Assert.Equal(all[(i * model.OutputShape.Length)..((i + 1) * model.OutputShape.Length)], model.Predict(x.AsSpan(i * model.InputShape.Length, model.InputShape.Length)));
    }

    [Theory]
    [InlineData(70, 19, 1, 12, 16)]                                    // more tiles than are taken at once, by all channels and by some
    [InlineData(1, 20, 1, 12, 8)]                                      // one tile of weights: eight groups of images
    [InlineData(3, 20, 1, 12, 9)]                                      // three tiles: three groups
    [InlineData(3, 20, 1, 2, 6)]                                       // no more groups than images
    [InlineData(70, 70, 70, 12, 8)]                                    // each channel by itself, 64 and 6 of them: four groups
    [InlineData(10, 10, 10, 5, 5)]
    public void Gradients_of_weights_have_the_same_bits_however_their_parts_are_shared_out(int channels, int filters, int groups, int images, int expectedParts)
    {
        ConvolutionGeometry geometry = Geometry(new Conv2D(filters, kernel: 3, padding: Padding.Same, groups: groups), (10, 11, channels));
        float[] x = Numbers.Normals<float>(images * geometry.Length, 1), dy = Numbers.Normals<float>(images * geometry.OutputLength, 2), dw = new float[geometry.WeightLength];
        int parts = Convolution.WeightParts<float>(geometry, images);
        Assert.Equal(expectedParts, parts);
        float[] expected = InPieces(0, parts);
        for (int first = 1; first < parts; first++)
        {
            for (int second = first; second <= parts; second++)
                Assert.Equal(expected, InPieces(0, first, second, parts));
        }

        float[] InPieces(params int[] ends)
        {
            Span<float> sums = Convolution.Sums<float>(geometry, images, dw);
            sums.Fill(float.NaN);
            for (int i = 1; i < ends.Length; i++)
                Convolution.Weights(geometry, x, dy, sums, ends[i - 1], ends[i]);
            Convolution.Finish(geometry, sums, dw);
            return [.. dw];
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_shows_in_every_pixel_that_sees_it_and_in_no_other(float value)
    {
        Conv2D layer = new(16, kernel: 3, padding: Padding.Same);
        AssertIsWinograd<float>(layer, (12, 12, 16));
        Sequential<float> model = new((12, 12, 16), seed: 1, layer);
        float[] x = Numbers.Normals<float>(model.InputShape.Length, 1);
        x[(((4 * 12) + 7) * 16) + 3] = value;
        float[] y = model.Predict(x);
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < 12; j++)
            {
                for (int f = 0; f < 16; f++)
                {
                    bool sees = i is >= 3 and <= 5 && j is >= 6 and <= 8;
                    Assert.Equal(!sees, float.IsFinite(y[(((i * 12) + j) * 16) + f]));
                }
            }
        }
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(0, 11)]
    public void What_is_not_finite_in_an_image_or_a_gradient_shows_in_all_gradients_that_see_it(int row, int column)
    {
        Conv2D layer = new(16, kernel: 3, padding: Padding.Same);
        AssertIsWinograd<float>(layer, (12, 12, 16));
        Sequential<float> model = new((12, 12, 16), seed: 1, layer);
        foreach (bool isImage in (bool[])[true, false])
        {
            float[] x = Numbers.Normals<float>(model.InputShape.Length, 1), dy = Numbers.Normals<float>(model.OutputShape.Length, 2), dx = new float[x.Length];
            (isImage ? x : dy)[(((row * 12) + column) * 16) + 3] = float.PositiveInfinity;
            Trainer<float> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
            trainer.Forward(x);
            trainer.Backpropagate(dy, dx);
            // The middle of the kernel stands on the pixel: of all filters where the image is at fault, else of filter 3.
            for (int c = 0; c < 16; c++)
                Assert.False(float.IsFinite(trainer.Gradients[(((4 * 16) + (isImage ? 3 : c)) * 16) + (isImage ? c : 3)]));
            for (int i = 0; i < dx.Length; i++)
                Assert.Equal(isImage || Math.Abs((i / 16 / 12) - row) > 1 || Math.Abs((i / 16 % 12) - column) > 1, float.IsFinite(dx[i]));
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0, 2, 2, 0)]
    [InlineData(2, 2, 1, 0)]
    public void A_transposed_convolution_of_large_images_gives_what_the_gradient_of_a_convolution_gives(int top, int bottom, int left, int right)
    {
        Padding padding = (top, bottom, left, right);
        Shape image = (12 + 2 - top - bottom, 11 + 2 - left - right, 20);
        // Forward it is the way back of a convolution, with a bias added, backward that convolution: both go the shorter way.
        Sequential<double> model = new((12, 11, 17), seed: 1, new ConvTranspose2D(20, kernel: 3, padding: padding, biasInitializer: new Uniform(-1, 1)));
        Assert.Equal(image, model.OutputShape);
        Conv2D layer = new(17, kernel: 3, padding: padding, bias: false);
        AssertIsWinograd<double>(layer, image);
        double[] x = Numbers.Normals<double>(2 * model.InputShape.Length, 1), dy = Numbers.Normals<double>(2 * model.OutputShape.Length, 2), dx = new double[x.Length];
        Trainer<double> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
        double[] y = trainer.Forward(x).ToArray();
        trainer.Backpropagate(dy, dx);
        PlainConvolution expected = new(layer, image, (12, 11, 17), 2, dy, model["0.weight"].ToArray(), new double[17], x);
        double[] bias = model["0.bias"].ToArray();
        AssertClose([.. expected.InputGradient.Select((value, i) => value + bias[i % 20])], y, 2e-14, "y");
        AssertClose(expected.WeightGradient, trainer.Gradients[..expected.WeightGradient.Length].ToArray(), 2e-14, "weights");
        AssertClose(expected.Y, dx, 2e-14, "dx");
    }

    [Fact]
    public void Images_too_wide_for_the_memory_and_too_small_to_gain_go_the_long_way()
    {
        Assert.False(Winograd<float>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1), (4, 4096, 64))));
        Assert.False(Winograd<float>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1), (9, 9, 64))));
        Assert.False(Winograd<float>.Fits(Geometry(new Conv2D(512, kernel: 3, padding: 1), (20, 20, 512))));
        Assert.False(Winograd<float>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1, stride: (1, 2)), (20, 20, 64))));
        Assert.False(Winograd<float>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1, dilation: (2, 1)), (20, 20, 64))));
        Assert.False(Winograd<float>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1, groups: 2), (20, 20, 64))));
        Assert.False(Winograd<Half>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1), (20, 20, 64))));
        Assert.True(Winograd<float>.Fits(Geometry(new Conv2D(64, kernel: 3, padding: 1), (20, 20, 64))));
    }

    private static ConvolutionGeometry Geometry(Conv2D layer, Shape image) => new(image, layer.Filters, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding, layer.Groups);

    private static void AssertIsWinograd<T>(Conv2D layer, Shape image) where T : unmanaged, IFloatingPointIeee754<T> =>
        Assert.True(Winograd<T>.Fits(Geometry(layer, image)), $"{layer} on {image} is computed by the formula.");

    [Fact]
    public void A_panel_of_the_weights_that_is_itself_too_large_is_not_copied()
    {
        // 300,000 channels and one filter, 1.2 MB: a panel of one vector would have 19 MB, and a thread keeps it.
        Sequential<float> model = new((1, 1, 300_000), seed: 1, new Conv2D(1, kernel: 1));
        float[] x = Numbers.Normals<float>(300_000, 1), y = new float[1];
        double expected = 0;
        for (int i = 0; i < x.Length; i++)
            expected += (double)x[i] * model["0.weight"][i];
        long allocated = 0;
        Thread thread = new(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Predict(x.AsSpan(), y);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(allocated, 0, 4 << 20);
        Assert.Equal(expected, y[0], 1e-3);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Fact]
    public void An_input_that_is_no_image_is_refused() => AssertRefused(
        new Conv2D(8, kernel: 3), 10, "Layer 0, Conv2D(8, kernel: 3), needs [height, width, channels], but gets [10].\n[10] -> Conv2D(8, kernel: 3)");

    [Fact]
    public void An_image_smaller_than_the_kernel_is_refused() => AssertRefused(
        new Conv2D(8, kernel: (3, 5), padding: (0, 1), dilation: (2, 1)), (4, 9, 1),
        "Layer 0, Conv2D(8, kernel: (3, 5), padding: (0, 1), dilation: (2, 1)), needs [height, width, channels] with a height and width of at least 5 and 3 (or a smaller kernel, or more padding), but gets [4, 9, 1].\n"
        + "[4, 9, 1] -> Conv2D(8, kernel: (3, 5), padding: (0, 1), dilation: (2, 1))");

    [Fact]
    public void Channels_that_do_not_part_into_the_groups_are_refused() => AssertRefused(
        new Conv2D(9, kernel: 1, groups: 3), (4, 4, 4),
        "Layer 0, Conv2D(9, kernel: 1, groups: 3), needs channels that part into 3 equal groups, but gets [4, 4, 4].\n[4, 4, 4] -> Conv2D(9, kernel: 1, groups: 3)");

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.StartsWith("8 filters do not part into 3 equal groups: choose a multiple of 3.", Assert.Throws<ArgumentException>(() => new Conv2D(8, 3, groups: 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith("kernel is one number or a pair (height, width), got [3, 3, 3].", Assert.Throws<ArgumentException>(() => new Conv2D(8, (3, 3, 3))).Message, StringComparison.Ordinal);
        Assert.StartsWith("kernel is missing", Assert.Throws<ArgumentException>(() => new Conv2D(8, default)).Message, StringComparison.Ordinal);
        Assert.StartsWith("filters must be at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(0, 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith("groups must be at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(8, 3, groups: 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("padding must be at least 0, got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(8, 3, padding: (0, -1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Conv2D(8, 0));
    }

    private static Shape Output(Shape input, Layer layer) => new Sequential<float>(input, layer).OutputShape;

    private static void AssertRefused(Layer layer, Shape input, string message) =>
        Assert.Equal(message, Assert.Throws<ShapeException>(() => new Sequential<float>(input, layer)).Message);

    /// <summary>Some convolutions drawn from a seed: sizes odd and even, larger and smaller than a tile and a vector.</summary>
    private static void CheckAgainstLoops<T>(int seed, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Random random = new(seed);
        for (int n = 0; n < 8; n++)
        {
            int groups = random.Next(3) == 0 ? random.Next(1, 5) : 1, perGroup = random.Next(4) == 0 ? random.Next(20, 40) : random.Next(1, 7);
            int channels = groups * perGroup, filters = groups * (random.Next(3) == 0 ? random.Next(14, 70) : random.Next(1, 7));
            if (random.Next(4) == 0)
                (groups, filters) = (channels, channels);
            Shape kernel = (random.Next(1, 5), random.Next(1, 5)), stride = (random.Next(1, 3), random.Next(1, 3)), dilation = (random.Next(1, 3), random.Next(1, 3));
            if (random.Next(2) == 0)
                (kernel, stride, dilation) = ((3, 3), (1, 1), (1, 1));
            Padding padding = random.Next(3) switch { 0 => Padding.Valid, 1 => Padding.Same, _ => (random.Next(3), random.Next(3), random.Next(3), random.Next(3)) };
            Shape image = (((kernel[0] - 1) * dilation[0]) + random.Next(1, 8), ((kernel[1] - 1) * dilation[1]) + random.Next(1, 30), channels);
            Conv2D layer = new(filters, kernel, stride, padding, dilation, groups, initializer: new Uniform(-1, 1), biasInitializer: new Uniform(-1, 1));
            Check<T>(layer, image, batch: random.Next(1, 4), seed, tolerance);
        }
    }

    private static void Check<T>(Conv2D layer, Shape image, int batch, int seed, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> model = new(image, seed, layer);
        T[] x = Numbers.Normals<T>(batch * image.Length, seed), dy = Numbers.Normals<T>(batch * model.OutputShape.Length, seed + 1), dx = new T[x.Length];
        Trainer<T> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
        T[] y = trainer.Forward(x).ToArray();
        dx.AsSpan().Fill(T.NaN);
        trainer.Backpropagate(dy, dx);
        PlainConvolution expected = new(layer, image, model.OutputShape, batch, Doubles<T>(x), Doubles<T>(model["0.weight"]), Doubles<T>(model["0.bias"]), Doubles<T>(dy));
        string what = $"{layer} on {batch} × {image}: ";
        AssertClose(expected.Y, Doubles<T>(y), tolerance, what + "y");
        AssertClose(expected.WeightGradient, Doubles<T>(trainer.Gradients[..model["0.weight"].Length]), tolerance, what + "weights");
        AssertClose(expected.BiasGradient, Doubles<T>(trainer.Gradients[model["0.weight"].Length..]), tolerance, what + "biases");
        AssertClose(expected.InputGradient, Doubles<T>(dx), tolerance, what + "dx");
    }

    private static double[] Doubles<T>(ReadOnlySpan<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = double.CreateChecked(values[i]);
        return doubles;
    }

    /// <summary>Relative to the largest: a sum of many terms that cancel has the rounding of its terms.</summary>
    private static void AssertClose(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}.");
    }

    [Fact]
    public void Depthwise_layers_keep_the_size_of_what_goes_through_them()
    {
        // An input of a depthwise convolution feeds one filter, not all: fans that count all of them let a few such layers die.
        Conv2D depthwise = new(64, 3, padding: Padding.Same, groups: 64, bias: false);
        Sequential<float> model = new((16, 16, 64), seed: 1, depthwise, depthwise, depthwise);
        float[] y = model.Predict(Numbers.Normals<float>(model.InputShape.Length, 1));
        double size = Math.Sqrt(y.Average(value => (double)value * value));
        Assert.InRange(size, 0.25, 4);
    }

    [Fact]
    public void Sizes_beyond_an_array_are_refused_by_name()
    {
        Assert.StartsWith("Layer 0, Conv2D(200, kernel: 1), needs sizes whose product stays within 2147483647 values, but gets [4000, 4000, 1].",
            Assert.Throws<ShapeException>(() => new Sequential<float>((4000, 4000, 1), 1, new Conv2D(200, 1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Layer 0, Conv2D(1, kernel: 3, padding: 1000), needs sizes whose product stays within 2147483647 values, but gets [1, 1, 1000].",
            Assert.Throws<ShapeException>(() => new Sequential<float>((1, 1, 1000), 1, new Conv2D(1, 3, padding: 1000))).Message, StringComparison.Ordinal);
        Assert.StartsWith("The layers put out more than 2147483647 values for one sample: use smaller samples, or fewer features.",
            Assert.Throws<ShapeException>(() => new Sequential<float>((4000, 4000, 1), 1, new Conv2D(100, 1), new Conv2D(100, 1), new ReLU())).Message, StringComparison.Ordinal);
    }
}
