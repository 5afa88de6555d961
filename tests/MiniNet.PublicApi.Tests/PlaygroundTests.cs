using MiniNet.PublicApi.Tests.Playground;
using PlaygroundSample;

namespace MiniNet.PublicApi.Tests;

[Collection("Console")]                  // one at a time: programs print, and tests listen
public class PlaygroundTests
{
    private static readonly string Programs = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PlaygroundPrograms.cs")).ReplaceLineEndings("\n");

    public static TheoryData<string, string, int> Listings => new()
    {
        { "xor", "data=xor", 120 },
        { "circles", "data=circles&hidden=&optimizer=Sgd&rate=0.3", 2 },
        { "moons", "data=moons&hidden=3,2&activation=Sigmoid&optimizer=Momentum&seed=7", 3 },
        { "spirals", "data=spirals&hidden=8,8,8,8&activation=LeakyReLU&optimizer=RmsProp&rate=0.001&batch=32", 3 },
        { "drawn", "data=drawn&activation=ReLU&rate=0.1&points=-50,50,0,-44,41,0,100,0,1,30,-100,1,7,-9,1,-3,4,0,12,25,1,60,-75,0,0,1,1", 5 },
    };

    [Theory]
    [MemberData(nameof(Listings))]
    public void The_program_that_the_page_shows_is_compiled_code_and_reaches_the_pages_loss_to_the_last_bit(string name, string settings, int epochs)
    {
        Session session = new(Settings.Parse(settings));
        session.Train(epochs, TimeSpan.MaxValue);

        string[] lines = [.. Programs.Split('\n').SkipWhile(l => l.Trim() != $"// <{name}>").Skip(1).TakeWhile(l => l.Trim() != $"// </{name}>").Select(l => l.Length > 0 ? l[8..] : l)];
        Assert.NotEmpty(lines);
        Assert.Equal("using MiniNet;\n\n" + string.Join('\n', lines) + "\n", session.Listing);

        IReadOnlyList<Epoch> history = PlaygroundPrograms.Run(name);
        Assert.Equal(epochs, history.Count);
        Assert.Equal(history[^1].Loss, session.Epoch.Loss);
        Assert.Equal(history[^1].Accuracy, session.Epoch.Accuracy);
    }

    [Theory]
    [InlineData("xor")]
    [InlineData("circles")]
    [InlineData("moons")]
    [InlineData("spirals")]
    public void What_the_page_recommends_for_its_points_learns_them(string data)
    {
        foreach (int seed in new[] { 1, 2, 3 })
        {
            Session session = new(Settings.Of(data) with { Seed = seed });
            while (session.Epoch is not { Accuracy: 1, Loss: < 0.01 })
            {
                session.Train(1, TimeSpan.Zero);
                Assert.True(session.Epoch.Number < 3_000, $"{data}, seed {seed}: {session.Epoch}");
            }
        }
    }

    [Theory]
    [InlineData("xor")]
    [InlineData("circles")]
    [InlineData("moons")]
    [InlineData("spirals")]
    public void Half_of_the_points_have_each_colour_and_all_lie_on_the_plane(string data)
    {
        Session session = new(Settings.Of(data));
        Assert.Equal(2 * session.Y.Length, session.X.Length);
        Assert.Equal(0.5, session.Y.Average());
        Assert.All(session.Y, y => Assert.True(y is 0 or 1));
        Assert.All(session.X, x => Assert.InRange(x, session.From, session.To));
    }

    [Theory]
    [InlineData("data=xor&hidden=4&activation=Tanh&optimizer=Adam&rate=0.03&batch=4&seed=1")]
    [InlineData("data=spirals&hidden=&activation=GELU&optimizer=Momentum&rate=0.001&batch=100&seed=12")]
    [InlineData("data=drawn&hidden=8,7,6,5&activation=SiLU&optimizer=Sgd&rate=3&batch=1&seed=0&points=-100,100,0,3,-4,1")]
    public void Settings_are_written_as_they_are_read(string text) =>
        Assert.Equal(text, Settings.Parse(text).ToString());

    [Fact]
    public void What_is_left_out_is_what_suits_the_points()
    {
        Assert.Equal(Settings.Of("spirals").ToString(), Settings.Parse("data=spirals").ToString());
        Assert.Equal(Settings.Of("xor").ToString(), Settings.Parse("").ToString());
        Assert.Equal("data=moons&hidden=4,4&activation=ReLU&optimizer=Adam&rate=0.03&batch=32&seed=1", Settings.Parse("activation=ReLU&data=moons").ToString());
    }

    [Theory]
    [InlineData("data=cubes", "There is no data cubes: there are xor, circles, moons, spirals and drawn.")]
    [InlineData("colour=red", "There is no setting colour: there are data, hidden, activation, optimizer, rate, batch, seed and points.")]
    [InlineData("hidden=8,9", "hidden takes a whole number from 1 to 8, got 9.")]
    [InlineData("hidden=1,1,1,1,1", "hidden takes at most 4 numbers, got 5.")]
    [InlineData("activation=Softmax", "activation takes Tanh, Sigmoid, ReLU, LeakyReLU, SiLU or GELU, got Softmax.")]
    [InlineData("optimizer=Lion", "optimizer takes Sgd, Momentum, RmsProp or Adam, got Lion.")]
    [InlineData("rate=NaN", "rate takes a number above 0, up to 10, got NaN.")]
    [InlineData("batch=0", "batch takes a whole number from 1 to 500, got 0.")]
    [InlineData("seed=x", "seed takes a whole number from 0 to 2147483647, got x.")]
    [InlineData("data=drawn&points=1,2", "points takes three numbers a point: two of -100 to 100, then its colour, 0 or 1.")]
    [InlineData("data=drawn&points=1,2,3", "points takes three numbers a point: two of -100 to 100, then its colour, 0 or 1.")]
    public void A_wrong_setting_is_answered_with_what_to_write(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Settings.Parse(text)).Message);

    [Fact]
    public void Without_points_nothing_is_trained_and_the_pictures_are_there()
    {
        Session session = new(Settings.Of("drawn"));
        session.Train(10, TimeSpan.MaxValue);
        Assert.Equal(0, session.Epoch.Number);
        Assert.Equal((2 + 8 + 8 + 1) * Session.Cells * Session.Cells, session.Responses().Length);
        Assert.Contains("float[] x = [];\nfloat[] y = [];\n", session.Listing, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pictures_show_the_inputs_and_then_every_neuron_and_the_output_in_its_colours()
    {
        const int Cells = Session.Cells, Near0 = Cells / 4, Near1 = (3 * Cells / 4) - 1;      // the plane of XOR goes from −½ to 1½, and up is 1½
        Session session = new(Settings.Of("xor"));
        session.Train(300, TimeSpan.MaxValue);
        byte[] pictures = session.Responses();
        Assert.Equal((2 + 4 + 1) * Cells * Cells, pictures.Length);

        Assert.True(At(0, Near1, Near0) > 127 && At(0, Near0, Near0) < 127);                   // x₁ grows to the right
        Assert.True(At(1, Near0, Near1) > 127 && At(1, Near0, Near0) < 127);                   // x₂ grows upwards
        Assert.InRange(At(6, Near0, Near0), 0, 20);
        Assert.InRange(At(6, Near1, Near1), 0, 20);
        Assert.InRange(At(6, Near0, Near1), 235, 255);
        Assert.InRange(At(6, Near1, Near0), 235, 255);
        for (int unit = 2; unit < 6; unit++)
            Assert.True(pictures.AsSpan(unit * Cells * Cells, Cells * Cells).ContainsAny([(byte)0, (byte)255]), $"neuron {unit} does not use its scale");

        int At(int unit, int column, int up) => pictures[(unit * Cells * Cells) + ((Cells - 1 - up) * Cells) + column];
    }

    [Fact]
    public void The_curve_keeps_every_nth_loss_however_long_the_training()
    {
        LossCurve curve = new();
        for (int epoch = 1; epoch <= 100_000; epoch++)
        {
            curve.Add(epoch, epoch);
            if (epoch == 512)
                Assert.Equal(Enumerable.Range(1, 512).Select(e => (double)e), curve.ToArray());
        }
        double[] losses = curve.ToArray();
        Assert.Equal(256, curve.Every);
        Assert.Equal(Enumerable.Range(0, losses.Length).Select(i => 1.0 + (i * 256)), losses);
        Assert.Equal(100_000 / 256, losses.Length - 1);
    }
}
