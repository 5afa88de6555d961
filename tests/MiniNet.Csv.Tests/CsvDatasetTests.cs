using System.Globalization;
using System.Text;

namespace MiniNet.Csv.Tests;

public class CsvDatasetTests
{
    private const string Flowers = "length,width,species\n1,2.5,rose\n-3e2,4,iris\n5, 6 ,rose\n";

    private static float[] Inputs(Dataset<float> dataset) => [.. Enumerable.Range(0, dataset.Count).SelectMany(i => dataset.Input(i).ToArray())];

    private static float[] Targets(Dataset<float> dataset) => [.. Enumerable.Range(0, dataset.Count).SelectMany(i => dataset.Target(i).ToArray())];

    private static Dataset<float> Classes(string text, string label = "species", string[]? features = null, IReadOnlyList<string>? classNames = null, char? separator = null) =>
        CsvDataset.LoadClasses<float>(new StringReader(text), label, features, classNames, separator);

    private static Dataset<float> Values(string text, string[] targets, string[]? features = null, char? separator = null) =>
        CsvDataset.LoadValues<float>(new StringReader(text), targets, features, separator);

    [Fact]
    public void Labels_become_sorted_classes_with_one_hot_targets_and_the_other_columns_the_input()
    {
        Dataset<float> flowers = Classes(Flowers);
        Assert.Equal(["iris", "rose"], flowers.ClassNames);
        Assert.Equal((Shape)2, flowers.InputShape);
        Assert.Equal((Shape)2, flowers.TargetShape);
        Assert.Equal([1, 2.5f, -300, 4, 5, 6], Inputs(flowers));
        Assert.Equal([0, 1, 1, 0, 0, 1], Targets(flowers));
    }

    [Fact]
    public void Number_columns_become_targets_in_the_order_they_are_named()
    {
        Dataset<float> dataset = Values("a,b,c\n1,2,3\n4,5,6\n", ["c", "a"]);
        Assert.Equal((Shape)2, dataset.TargetShape);
        Assert.Equal([2, 5], Inputs(dataset));
        Assert.Equal([3, 1, 6, 4], Targets(dataset));
        Assert.Null(dataset.ClassNames);
    }

    [Fact]
    public void Chosen_features_come_in_the_order_they_are_named_and_other_columns_are_not_parsed()
    {
        Assert.Equal([2, 1, 4, 3], Inputs(Classes("a,name,b,y\n1,Bob,2,u\n3,,4,v\n", "y", ["b", "a"])));
        Assert.Equal([2, 1], Inputs(Values("a,name,b,y\n1,Bob,2,0\n", ["y"], ["b", "a"])));
    }

    [Fact]
    public void Classes_are_sorted_by_number_if_all_are_numbers() =>
        Assert.Equal(["-1", "2", "9", "10", "1e2"], Classes("x,y\n0,10\n0,9\n0,1e2\n0,2\n0,-1\n", "y").ClassNames);

    [Fact]
    public void Classes_are_sorted_by_character_code_if_one_is_no_finite_number()
    {
        Assert.Equal(["10", "9", "nine"], Classes("x,y\n0,nine\n0,9\n0,10\n", "y").ClassNames);
        Assert.Equal(["10", "9", "NaN"], Classes("x,y\n0,NaN\n0,9\n0,10\n", "y").ClassNames);
        Assert.Equal(["B", "a", "ä"], Classes("x,y\n0,ä\n0,a\n0,B\n", "y").ClassNames);
    }

    [Fact]
    public void Labels_of_the_same_number_are_classes_of_their_own_in_the_order_of_their_text() =>
        Assert.Equal(["01", "1", "1.0"], Classes("x,y\n0,1.0\n0,1\n0,01\n", "y").ClassNames);

    [Fact]
    public void The_order_of_rows_does_not_change_the_classes() =>
        Assert.Equal(Classes("x,y\n0,b\n0,a\n", "y").ClassNames, Classes("x,y\n0,a\n0,b\n", "y").ClassNames);

    [Fact]
    public void A_test_file_takes_the_classes_of_the_training_file_even_those_it_lacks()
    {
        Dataset<float> train = Classes("x,y\n0,c\n0,a\n0,b\n", "y"), test = Classes("x,y\n7,c\n", "y", classNames: train.ClassNames);
        Assert.Equal(["a", "b", "c"], test.ClassNames);
        Assert.Equal([0, 0, 1], Targets(test));
    }

    [Fact]
    public void Given_classes_keep_their_order() =>
        Assert.Equal([0, 1, 1, 0], Targets(Classes("x,y\n0,a\n0,b\n", "y", classNames: ["b", "a"])));

    [Fact]
    public void Quoted_fields_hold_separators_line_breaks_and_quotes()
    {
        Dataset<float> dataset = Classes("\"a,b\",\"the \"\"y\"\"\nof it\"\n\"1\",\"p,q\"\n2,\"r\r\ns\"\"\"\n", "the \"y\"\nof it");
        Assert.Equal(["p,q", "r\ns\""], dataset.ClassNames);
        Assert.Equal([1, 2], Inputs(dataset));
    }

    [Theory]
    [InlineData("a,b,y\n1,2,u\n3,4,v\n")]
    [InlineData("a;b;y\n1;2;u\n3;4;v\n")]
    [InlineData("a\tb\ty\n1\t2\tu\n3\t4\tv\n")]
    [InlineData("a|b|y\n1|2|u\n3|4|v\n")]
    [InlineData("a,b,y\r\n1,2,u\r\n3,4,v")]
    [InlineData("a,b,y\r1,2,u\r3,4,v\r")]
    [InlineData("\uFEFFa,b,y\n1,2,u\n3,4,v\n")]
    [InlineData("\uFEFF\"a\";b;y\n1;2;u\n3;4;v\n")]
    [InlineData("\n \n\t\t\t\na,b,y\n\n1,2,u\n   \n3,4,v\n\n\n")]
    [InlineData(" a , b , y \n 1 , 2 , u \n 3 , 4 , v \n")]
    public void Separators_line_ends_blank_lines_marks_and_spaces_do_not_change_what_is_read(string text)
    {
        Dataset<float> dataset = Classes(text, "y", ["a", "b"]);
        Assert.Equal([1, 2, 3, 4], Inputs(dataset));
        Assert.Equal(["u", "v"], dataset.ClassNames);
    }

    [Fact]
    public void The_separator_is_found_outside_quotes_of_the_header()
    {
        Assert.Equal([1], Inputs(Values("\"a,b,c,d\";y\n1;2\n", ["y"])));
        Assert.Equal([1], Inputs(Values("x;\"y,\"\"z\"\",u,v\"\n1;2\n", ["y,\"z\",u,v"])));
    }

    [Fact]
    public void The_comma_wins_where_two_separators_are_level() =>
        Assert.Equal([1], Inputs(Values("x,y;z\n1,2\n", ["y;z"])));

    [Theory]
    [InlineData(' ')]
    [InlineData(':')]
    [InlineData('^')]
    [InlineData('_')]
    [InlineData(',')]
    public void A_given_separator_is_used_instead_of_the_one_found(char separator) =>
        Assert.Equal([1], Inputs(Values($"x;x;x{separator}y\n1{separator}2\n", ["y"], separator: separator)));

    [Fact]
    public void Quoted_rows_with_any_line_end_are_read_right_wherever_the_parser_s_blocks_end()
    {
        foreach (string lineEnd in (string[])["\n", "\r\n", "\r"])
        {
            for (int length = 0; length < 130; length++)
            {
                string label = new('a', length);
                Dataset<float> dataset = Classes("x,y\n".Replace("\n", lineEnd, StringComparison.Ordinal) + string.Concat(Enumerable.Repeat($"\"1\",\"a;\"\"{label}\"{lineEnd}\"2\",b{lineEnd}", 100)), "y");
                Assert.Equal([$"a;\"{label}", "b"], dataset.ClassNames);
                Assert.Equal(Enumerable.Repeat((float[])[1, 2], 100).SelectMany(pair => pair), Inputs(dataset));
            }
        }
    }

    [Fact]
    public void A_line_break_in_quotes_is_one_line_feed_however_the_text_writes_it() =>
        Assert.Equal(["a\nb", "a\n\nb"], Classes("x,y\n0,\"a\r\nb\"\n0,\"a\rb\"\n0,\"a\nb\"\n0,\"a\r\r\nb\"\n", "y").ClassNames!.Order(StringComparer.Ordinal).Reverse());

    [Fact]
    public void A_reader_that_gives_one_character_at_a_time_gives_the_same()
    {
        using OneByOne reader = new("x,y\r\n1,\"a\r\nb\"\r\n\r\n2,c\r\n");
        Dataset<float> dataset = CsvDataset.LoadClasses<float>(reader, "y");
        Assert.Equal(["a\nb", "c"], dataset.ClassNames);
        Assert.Equal([1, 2], Inputs(dataset));
    }

    [Fact]
    public void A_row_that_begins_with_a_number_sign_is_no_comment() =>
        Assert.Equal(["#1", "2"], Classes("y,x\n#1,0\n2,0\n", "y").ClassNames);

    [Fact]
    public void Numbers_do_not_follow_the_culture_of_the_thread()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = german;
        try
        {
            Assert.Equal([1.5f], Inputs(Values("x;y\n1.5;2\n", ["y"])));
            Assert.Throws<InvalidDataException>(() => Values("x;y\n1,5;2\n", ["y"]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Numbers_are_read_in_the_precision_of_the_dataset()
    {
        Assert.Equal(0.1, CsvDataset.LoadValues<double>(new StringReader("x,y\n0.1,1e300\n"), ["y"]).Input(0)[0]);
        Assert.Equal((Half)0.1, CsvDataset.LoadValues<Half>(new StringReader("x,y\n0.1,1\n"), ["y"]).Input(0)[0]);
    }

    [Fact]
    public void A_file_and_its_text_give_the_same_dataset()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Flowers);
            Assert.Equal(Inputs(Classes(Flowers)), Inputs(CsvDataset.LoadClasses<float>(path, "species")));
            Assert.Equal([2.5f, 4, 6], Targets(CsvDataset.LoadValues<float>(path, ["width"], ["length"])));
            File.Delete(path);                                      // not held open
            Assert.False(File.Exists(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_is_read_as_UTF8_or_as_its_byte_order_mark_says()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(false), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)])
            {
                File.WriteAllText(path, "größe,art\n1,käse\n2,öl\n", encoding);
                Assert.Equal(["käse", "öl"], CsvDataset.LoadClasses<float>(path, "art", ["größe"]).ClassNames);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_caller_s_reader_is_left_open_at_its_end()
    {
        using StringReader reader = new(Flowers);
        CsvDataset.LoadClasses<float>(reader, "species");
        Assert.Equal(-1, reader.Read());                            // a disposed one would throw
    }

    [Fact]
    public void A_hundred_thousand_values_arrive_in_their_order()
    {
        StringBuilder text = new("a,b,y\n");
        for (int i = 0; i < 50_000; i++)
            text.Append(CultureInfo.InvariantCulture, $"{2 * i},{(2 * i) + 1},{-i}\n");
        Dataset<float> dataset = Values(text.ToString(), ["y"]);
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => (float)i), Inputs(dataset));
        Assert.Equal(Enumerable.Range(0, 50_000).Select(i => (float)-i), Targets(dataset));
    }

    [Fact]
    public void What_was_read_trains_a_model()
    {
        Dataset<float> dataset = Classes("x,y,side\n0,0,out\n0,1,in\n1,0,in\n1,1,out\n", "side");
        Sequential<float> model = new(2, seed: 1, new Dense(8), new Tanh(), new Dense(2), new Softmax());
        model.Fit(dataset, new CrossEntropy(), new Adam(0.05), epochs: 300, batchSize: 4, seed: 1);
        Assert.Equal(1, model.Evaluate(dataset, new CrossEntropy()).Accuracy);
    }

    private sealed class OneByOne(string text) : StringReader(text)
    {
        public override int Read(char[] buffer, int index, int count) => base.Read(buffer, index, Math.Min(count, 1));

        public override int Read(Span<char> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1)]);
    }
}
