using System.Globalization;
using System.Text;
using CsCheck;

namespace MiniNet.Csv.Tests;

public class CsvDatasetPropertyTests
{
    private const string Separators = ",;\t|";

    /// <summary>Names and labels made of what CSV treats in a special way; spaces at the ends do not count and are not made.</summary>
    private static readonly Gen<string> Names = Gen.String[Gen.Char["ab,;\t|\"\n #'é."], 0, 30].Select(text => "n" + text + "n");

    private static readonly Gen<(string[] Columns, double[][] Numbers, string[] Labels, char Separator, string LineEnd, bool QuoteAll)> Tables =
        from columns in Names.HashSet[2, 6]
        from classes in Names.HashSet[2, 4]
        from rows in Gen.Int[1, 30]
        from numbers in Gen.Double[-1e300, 1e300].Array[columns.Count - 1].Array[rows]
        from picks in Gen.Int[0, classes.Count - 1].Array[rows]
        from separator in Gen.Char[Separators]
        from lineEnd in Gen.Int[0, 2].Select(i => ((string[])["\n", "\r\n", "\r"])[i])
        from quoteAll in Gen.Bool
        select (columns.ToArray(), numbers, picks.Select(pick => classes.ElementAt(pick)).ToArray(), separator, lineEnd, quoteAll);

    private static string Quoted(string field, bool always) =>
        always || field.Any((Separators + "\"\r\n").Contains) ? "\"" + field.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : field;

    [Fact]
    public void Every_table_comes_back_from_its_CSV_text() => Tables.Sample(table =>
    {
        StringBuilder text = new();
        text.AppendJoin(table.Separator, table.Columns.Select(name => Quoted(name, table.QuoteAll))).Append('\n');
        for (int row = 0; row < table.Labels.Length; row++)
        {
            foreach (double number in table.Numbers[row])
                text.Append(Quoted(number.ToString("R", CultureInfo.InvariantCulture), table.QuoteAll)).Append(table.Separator);
            text.Append(Quoted(table.Labels[row], table.QuoteAll)).Append('\n');
        }
        string[] classes = [.. table.Labels.Distinct().Order(StringComparer.Ordinal)], given = classes.Length < 2 ? [classes[0], "another"] : classes;

        Dataset<double> dataset = CsvDataset.LoadClasses<double>(new StringReader(text.Replace("\n", table.LineEnd).ToString()), table.Columns[^1], classNames: classes.Length < 2 ? given : null);

        Assert.Equal(given, dataset.ClassNames);
        Assert.Equal(table.Labels.Length, dataset.Count);
        for (int row = 0; row < dataset.Count; row++)
        {
            Assert.Equal(table.Numbers[row], dataset.Input(row).ToArray());
            Assert.Equal(given.Select(name => name == table.Labels[row] ? 1.0 : 0.0), dataset.Target(row).ToArray());
        }
    }, iter: 2000);

    [Fact]
    public void Twenty_thousand_damaged_texts_give_a_dataset_or_a_documented_exception()
    {
        const string Good = "length,\"the width\",species\r\n1.5,\"2\",rose\r\n-3e2,4,\"iris, \"\"blue\"\"\"\r\n\r\n5,6,\"two\nlines\"\r\n7,8,rose\r\n";
        const string Alphabet = "\"\",,;\t|\r\n\0\uFEFF\uFFFF\uD800 #\\'019.-+eENaIx∞é";
        Random random = new(1);
        int read = 0, refused = 0, misnamed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            StringBuilder text = new(Good);
            for (int changes = random.Next(1, 6); changes > 0; changes--)
                Damage(text, random, Alphabet);
            try
            {
                if (random.Next(2) == 0)
                    Check(CsvDataset.LoadClasses<float>(new StringReader(text.ToString()), "species"));
                else
                    Check(CsvDataset.LoadValues<float>(new StringReader(text.ToString()), ["length"], ["the width"]));
                read++;
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith("The CSV text", exception.Message);
                refused++;
            }
            catch (ArgumentException exception)
            {
                Assert.Equal(typeof(ArgumentException), exception.GetType());
                Assert.Contains(exception.ParamName, (string[])["label", "targets", "features"]);
                misnamed++;
            }
        }
        Assert.True(Math.Min(Math.Min(read, refused), misnamed) > 1000, $"{read} read, {refused} refused, {misnamed} without their columns: the damage is one-sided.");
    }

    [Fact]
    public void Random_bytes_as_a_file_give_only_documented_exceptions()
    {
        string path = Path.GetTempFileName();
        Random random = new(2);
        try
        {
            for (int i = 0; i < 500; i++)
            {
                byte[] bytes = new byte[random.Next(1, 40_000)];
                random.NextBytes(bytes);
                if (i % 2 == 0)                                     // printable, so that it comes further than the first bad byte
                    bytes = [.. bytes.Select(b => (byte)((b % 96) + 31))];
                File.WriteAllBytes(path, bytes);
                Exception exception = Assert.ThrowsAny<Exception>(() => CsvDataset.LoadClasses<float>(path, "y"));
                Assert.True(exception.GetType() == typeof(InvalidDataException) || exception.GetType() == typeof(ArgumentException), exception.ToString());
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Check(Dataset<float> dataset)
    {
        Assert.True(dataset.Count > 0);
        for (int i = 0; i < dataset.Count; i++)
            Assert.DoesNotContain(dataset.Input(i).ToArray(), x => !float.IsFinite(x));
    }

    private static void Damage(StringBuilder text, Random random, string alphabet)
    {
        int at = random.Next(text.Length + 1), length = Math.Min(random.Next(1, 12), text.Length - at);
        switch (random.Next(5))
        {
            case 0:
                text.Insert(at, alphabet[random.Next(alphabet.Length)]);
                break;
            case 1:
                text.Remove(at, Math.Min(1, length));
                break;
            case 2 when length > 0:
                text[at] = alphabet[random.Next(alphabet.Length)];
                break;
            case 3:
                text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                break;
            default:
                text.Length = random.Next(3) == 0 ? at : text.Length;      // cut short, now and then
                break;
        }
    }
}
