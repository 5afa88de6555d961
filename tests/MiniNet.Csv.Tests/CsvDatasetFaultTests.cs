using System.Text;

namespace MiniNet.Csv.Tests;

public class CsvDatasetFaultTests
{
    private static string Classes<TException>(string text, string label = "y", string[]? features = null, string[]? classNames = null, char? separator = null) where TException : Exception =>
        Assert.Throws<TException>(() => CsvDataset.LoadClasses<float>(new StringReader(text), label, features, classNames, separator)).Message;

    private static string Values<TException>(string text, string[] targets, string[]? features = null) where TException : Exception =>
        Assert.Throws<TException>(() => CsvDataset.LoadValues<float>(new StringReader(text), targets, features)).Message;

    private static string Content(string text) => Classes<InvalidDataException>(text);

    private static string OfFile(byte[] bytes)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            string message = Assert.Throws<InvalidDataException>(() => CsvDataset.LoadClasses<float>(path, "y")).Message;
            return message.Replace(path, "FILE", StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_file_is_named_with_the_folder_it_was_looked_for_in()
    {
        FileNotFoundException exception = Assert.Throws<FileNotFoundException>(() => CsvDataset.LoadClasses<float>("no/such.csv", "y"));
        Assert.Equal($"no/such.csv is not there. A relative path begins at the working directory, {Environment.CurrentDirectory}.", exception.Message);
        Assert.Equal("no/such.csv", exception.FileName);
        Assert.Throws<FileNotFoundException>(() => CsvDataset.LoadValues<float>("no/such.csv", ["y"]));
    }

    [Fact]
    public void A_folder_is_no_file()
    {
        string folder = Path.GetTempPath();
        Assert.Equal($"{folder} is a folder, expected a CSV file.", Assert.Throws<FileNotFoundException>(() => CsvDataset.LoadClasses<float>(folder, "y")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \r\n\n")]
    [InlineData("\uFEFF")]
    public void A_text_without_a_header_is_empty(string text) =>
        Assert.Equal("The CSV text is empty, expected a header row of column names, then one sample a row.", Content(text));

    [Fact]
    public void A_header_alone_has_no_rows() =>
        Assert.Equal("The CSV text has a header on line 2 but no rows, expected at least one sample after it.", Content("\nx,y\n\n\n"));

    [Fact]
    public void Two_columns_of_one_name_are_named() =>
        Assert.Equal("The CSV text, line 1: columns 1 and 3 are both called \"x\", expected a name of its own for each.", Content("x,y, x \n1,a,2\n"));

    [Fact]
    public void A_header_that_looks_like_data_is_suspected()
    {
        Assert.Equal("The CSV text, line 1: columns 1 and 2 are both called \"5.1\", expected a name of its own for each. If that row is data, put a row of column names before it.", Content("5.1,5.1,a\n1,2,b\n"));
        Assert.Equal("label: The CSV text has no column \"y\". Its columns, separated by \",\", are \"5.1\", \"a\". If that row is data, put a row of column names before it. (Parameter 'label')", Classes<ArgumentException>("5.1,a\n1,b\n"));
    }

    [Fact]
    public void A_column_without_a_name_is_counted() =>
        Assert.Equal("The CSV text, line 1: column 1 has no name, expected one in the header row. Name it, or export without the column of row numbers.", Content(",x,y\n0,1,a\n"));

    [Fact]
    public void An_unknown_column_lists_those_that_exist()
    {
        Assert.Equal("label: The CSV text has no column \"z\". Its columns, separated by \";\", are \"x\", \"y\". (Parameter 'label')", Classes<ArgumentException>("x;y\n1;a\n", "z"));
        Assert.Equal("features: The CSV text has no column \"X\". Its columns, separated by \",\", are \"x\", \"y\". (Parameter 'features')", Classes<ArgumentException>("x,y\n1,a\n", features: ["X"]));
        Assert.Equal("targets: The CSV text has no column \"z\". Its columns, separated by \",\", are \"x\", \"y\". (Parameter 'targets')", Values<ArgumentException>("x,y\n1,2\n", ["y", "z"]));
        Assert.Equal("label: The CSV text has no column \"y\". Its columns, separated by \",\", are \"x:y\". Pass the separator if it is another. (Parameter 'label')", Classes<ArgumentException>("x:y\n1:a\n"));
    }

    [Fact]
    public void A_long_list_of_columns_is_cut() =>
        Assert.EndsWith("\"c29\" and 71 more. (Parameter 'label')", Classes<ArgumentException>(string.Join(',', Enumerable.Range(0, 101).Select(i => $"c{i}")) + "\n"));

    [Fact]
    public void A_row_with_another_number_of_fields_is_named_with_both_numbers()
    {
        Assert.Equal(
            "The CSV text, line 3: expected 2 fields separated by \",\", as in the header, got 3. Mend the row; a field that holds the separator or a line break stands in double quotes.",
            Content("x,y\n1,a\n1,5,b\n"));
        Assert.Contains("line 2: expected 2 fields separated by \",\", as in the header, got 1.", Content("x,y\n1\n"));
    }

    [Fact]
    public void An_empty_field_is_named()
    {
        Assert.Equal("The CSV text, line 3, column 2 \"b\": the field is empty, expected a number. Fill it in, remove the row, or leave the column out with features.", Content("a,b,y\n1,2,u\n1,,v\n"));
        Assert.Equal("The CSV text, line 2, column 2 \"y\": the label is empty, expected a class. Fill it in, or remove the row.", Content("x,y\n1,\"  \"\n"));
    }

    [Theory]
    [InlineData("abc", "\"abc\"")]
    [InlineData("\"1,5\"", "\"1,5\"")]
    [InlineData("\"1,000\"", "\"1,000\"")]
    [InlineData("0x10", "\"0x10\"")]
    [InlineData("1 2", "\"1 2\"")]
    [InlineData("?", "\"?\"")]
    [InlineData("2\"x", "\"2\"x\"")]
    [InlineData("\"a\tb\nc\u0007\"", "\"a\\tb\\nc\\u0007\"")]
    [InlineData("0123456789012345678901234567890123456789x", "\"0123456789012345678901234567890123456789…\"")]
    public void What_is_no_number_is_shown(string field, string shown) =>
        Assert.Equal($"The CSV text, line 2, column 1 \"x\": expected a number, got {shown}. Write numbers as 1.5 or -2e-3, encode text as numbers, or leave the column out with features.", Content($"x,y\n{field},a\n"));

    [Theory]
    [InlineData("NaN")]
    [InlineData("-Infinity")]
    [InlineData("1e39")]
    public void What_is_not_finite_is_shown(string field)
    {
        string fault = $"expected a finite Single, got \"{field}\". Mend the value or remove the row: one such value would spoil every weight.";
        Assert.Equal($"The CSV text, line 2, column 1 \"x\": {fault}", Content($"x,y\n{field},a\n"));
        Assert.Equal($"The CSV text, line 2, column 2 \"y\": {fault}", Values<InvalidDataException>($"x,y\n1,{field}\n", ["y"]));
    }

    [Fact]
    public void A_quote_that_is_never_closed_is_found_at_the_row_where_it_was_opened()
    {
        Assert.Equal(
            "The CSV text, line 3, column 2: a quote is opened and never closed. Close it, and write a quote within a quoted field twice.",
            Content("x,y\n1,a\n2,\"b\n3,c\n4,d\n"));
        Assert.StartsWith("The CSV text, line 1, column 2: a quote is opened", Content("x,\"y\n1,a\n"));
    }

    [Fact]
    public void Text_after_a_closing_quote_is_named() =>
        Assert.Equal(
            "The CSV text, line 2, column 2: expected \",\" or the end of the row after a closing quote, got \"b\". Write a quote within a quoted field twice.",
            Content("x,y\n1,\"a\"b\n"));

    [Fact]
    public void A_label_that_is_none_of_the_given_classes_is_named() =>
        Assert.Equal(
            "The CSV text, line 3, column 2 \"y\": expected one of the 2 classes \"a\", \"b\", got \"c\". Mend the label, or add it to classNames here and where the model was trained.",
            Classes<InvalidDataException>("x,y\n1,a\n2,c\n", classNames: ["a", "b"]));

    [Fact]
    public void One_class_is_none() =>
        Assert.Equal("The CSV text, column 2 \"y\": every row has the label \"a\", expected at least 2 classes. Choose another label column, or pass classNames.", Content("x,y\n1,a\n2,a\n"));

    [Fact]
    public void A_thousand_classes_are_found_and_the_next_is_suspected_to_be_a_number()
    {
        string thousand = "x,y\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"0,{i}\n"));
        Assert.Equal(1000, CsvDataset.LoadClasses<float>(new StringReader(thousand), "y").ClassNames!.Count);
        Assert.Equal(
            "The CSV text, line 1002, column 2 \"y\": more than 1000 different labels, expected classes. Use LoadValues if the column holds a number to predict, or pass classNames if there are as many classes.",
            Content(thousand + "0,1000\n"));
    }

    [Fact]
    public void More_one_hot_targets_than_an_array_holds_are_refused_before_they_are_made() =>
        Assert.Equal(
            "The CSV text, column 2 \"y\": 50000 rows × 50000 classes are more one-hot targets than an array holds. Load it in parts.",
            Classes<InvalidDataException>("x,y\n" + string.Concat(Enumerable.Repeat("0,1\n", 50_000)), classNames: [.. Enumerable.Range(0, 50_000).Select(i => $"{i}")]));

    [Theory]
    [InlineData("x,y\n\01,a\n", 2)]
    [InlineData("x,y\n1,a\n2,\"b\0\"\n", 3)]
    [InlineData("x\0,y\n1,a\n", 1)]
    [InlineData("\0\n", 1)]
    [InlineData("x,y\n1,a\n\0\n", 3)]
    public void A_NUL_is_refused_wherever_it_stands(string text, int line) =>
        Assert.Equal(
            $"The CSV text, line {line}: a NUL character, expected text. It may be a binary file, or UTF-16 without a byte order mark: save it as UTF-8, or pass a TextReader with its encoding.",
            Content(text));

    [Fact]
    public void A_row_of_nine_million_characters_is_too_long()
    {
        string nines = new('9', 9_000_000);
        string fault = "the row has more than 8,388,608 characters. Close the quote that was left open in it, if there is one; else it is no CSV file.";
        Assert.Equal($"The CSV text, line 3: {fault}", Content($"x,y\n1,a\n{nines},b\n"));
        Assert.Equal($"The CSV text, line 2: {fault}", Content($"x,y\n1,\"{nines}"));
        Assert.Equal($"The CSV text, line 1: {fault}", Content(nines));
    }

    [Fact]
    public void A_row_of_four_million_characters_is_read()
    {
        string text = "x,y\n1," + new string('a', 4_000_000) + "\n2,b\n";
        Assert.Equal(["a", "b"], CsvDataset.LoadClasses<float>(new StringReader(text), "y").ClassNames!.Select(name => name[..1]));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_shown() =>
        Assert.Equal("FILE, line 1 or after: bytes that its encoding does not know, 0xE4. Save it as UTF-8, or pass a TextReader with its encoding.", OfFile(Encoding.Latin1.GetBytes("x,y\n1,käse\n2,b\n")));

    [Fact]
    public void A_file_is_named_as_it_was_given() =>
        Assert.StartsWith("FILE, line 2, column 1 \"x\": expected a number", OfFile("x,y\nb,a\n"u8.ToArray()));

    [Fact]
    public void Lines_are_counted_as_an_editor_counts_them()
    {
        Assert.StartsWith("The CSV text, line 9, ", Content("\nx,y\n\n1,\"a\nb\r\nc\"\r\n\r\n \r!,d\n"));
        Assert.StartsWith("The CSV text, line 4, ", Content("x,y\r1,a\r\r!,a"));
    }

    [Fact]
    public void Lines_are_counted_right_wherever_the_reader_s_buffer_ends()
    {
        for (int shift = 0; shift < 40; shift++)
        {
            string text = "x,y\r\n" + new string(' ', shift) + "1,a\r\n" + string.Concat(Enumerable.Repeat("1,\"a\r\nb\"\r\n", 10_000)) + "!,c\r\n";
            Assert.StartsWith("The CSV text, line 20003, ", Content(text));
        }
    }

    [Fact]
    public void What_is_predicted_cannot_be_a_feature() =>
        Assert.Equal("features has \"y\", which is what is to be predicted. Leave it out. (Parameter 'features')", Classes<ArgumentException>("x,y\n1,a\n", features: ["x", "y"]));

    [Fact]
    public void A_column_must_be_left_for_the_input() =>
        Assert.Equal(
            "The CSV text has no column left for the input: its columns, separated by \",\", are \"x\", \"y\". (Parameter 'features')",
            Values<ArgumentException>("x,y\n1,2\n", ["x", "y"]));

    [Fact]
    public void Names_in_the_call_are_checked_before_anything_is_read()
    {
        Assert.Equal("features has 0 names, expected at least 1. (Parameter 'features')", Classes<ArgumentException>("", features: []));
        Assert.Equal("targets has 0 names, expected at least 1. (Parameter 'targets')", Values<ArgumentException>("", []));
        Assert.Equal("classNames has 1 names, expected at least 2. (Parameter 'classNames')", Classes<ArgumentException>("", classNames: ["a"]));
        Assert.Equal("classNames[1] is empty, expected a name. (Parameter 'classNames')", Classes<ArgumentException>("", classNames: ["a", " "]));
        Assert.Equal("features has \"x\" twice, expected each name once. (Parameter 'features')", Values<ArgumentException>("", ["y"], ["x", "z", "x"]));
    }

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('\r')]
    [InlineData('\0')]
    [InlineData('a')]
    [InlineData('5')]
    [InlineData('.')]
    [InlineData('-')]
    [InlineData('+')]
    [InlineData('€')]
    public void A_separator_that_could_be_part_of_a_field_is_refused(char separator) =>
        Assert.EndsWith(
            "expected a comma, semicolon, tab, bar, space or another ASCII sign that is not part of numbers or quotes. (Parameter 'separator')",
            Classes<ArgumentException>("", separator: separator));

    [Fact]
    public void What_is_null_is_named()
    {
        Assert.Equal("label", Assert.Throws<ArgumentNullException>(() => CsvDataset.LoadClasses<float>("a.csv", null!)).ParamName);
        Assert.Equal("targets", Assert.Throws<ArgumentNullException>(() => CsvDataset.LoadValues<float>("a.csv", null!)).ParamName);
        Assert.Equal("path", Assert.Throws<ArgumentNullException>(() => CsvDataset.LoadClasses<float>((string)null!, "y")).ParamName);
        Assert.Equal("reader", Assert.Throws<ArgumentNullException>(() => CsvDataset.LoadClasses<float>((TextReader)null!, "y")).ParamName);
        Assert.Equal("reader", Assert.Throws<ArgumentNullException>(() => CsvDataset.LoadValues<float>((TextReader)null!, ["y"])).ParamName);
    }
}
