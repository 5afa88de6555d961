using System.Text;

namespace MiniNet;

/// <summary>A text as the reader of rows wants it: its separator known beforehand, no byte order mark, every line break a line feed. Disposing of it leaves the source open.</summary>
/// <remarks>
/// Two things of Sylvan.Data.Csv 1.4.4 are kept away from here.
/// Its detection of separators takes the first candidate in the line, even one in a quoted name: <c>"a,b";c</c> fails.
/// Its vector path loses a line feed to the next row where the carriage return before it ends a block, among quoted fields: valid rows come out with other fields.
/// </remarks>
internal sealed class CsvText : TextReader
{
    private const string Candidates = ",;\t|";

    private readonly TextReader source;
    private readonly string head;                                   // what has been read ahead
    private int position;
    private bool isAfterReturn;                                     // a line feed now belongs to the carriage return before it

    internal CsvText(TextReader text)
    {
        source = text;
        int[] counts = new int[Candidates.Length];
        StringBuilder read = new();
        bool isQuoted = false, isBlank = true;
        char before = '\n';                                         // a field may begin here
        while (read.Length < CsvRows.MaximumRow && Next() is int next and >= 0)
        {
            char c = (char)next;
            if (c == '\uFEFF' && read.Length == 0)
                continue;                                           // a byte order mark that the caller's reader has kept
            read.Append(c);
            if (c == '"' && (isQuoted || before is '"' or '\n' || Candidates.Contains(before)))
                isQuoted = !isQuoted;                               // a doubled quote leaves and enters again
            else if (!isQuoted && c == '\n')
            {
                if (!isBlank)
                    break;
                Array.Clear(counts);                                // tabs on a blank line say nothing
            }
            else if (!isQuoted && Candidates.IndexOf(c) is int i and >= 0)
                counts[i]++;
            isBlank &= char.IsWhiteSpace(c);
            before = c;
        }
        head = read.ToString();
        Separator = Candidates[Array.IndexOf(counts, counts.Max())];
    }

    /// <summary>The one of comma, semicolon, tab and bar that the header has most of outside quotes.</summary>
    internal char Separator { get; }

    public override int Peek() => position < head.Length ? head[position] : -1;         // -1 also means: not known

    public override int Read() => position < head.Length ? head[position++] : Next();

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (position < head.Length)
        {
            int ahead = Math.Min(buffer.Length, head.Length - position);
            head.AsSpan(position, ahead).CopyTo(buffer);
            position += ahead;
            return ahead;
        }
        int count;
        do
        {
            count = source.Read(buffer);
            if (count == 0)
                return 0;
            count = WithLineFeeds(buffer[..count]);
        }
        while (count == 0);                                         // a lone line feed that belonged to a carriage return is not the end
        return count;
    }

    private int Next()
    {
        int next = source.Read();
        if (next == '\n' && isAfterReturn)
            next = source.Read();
        isAfterReturn = next == '\r';
        return isAfterReturn ? '\n' : next;
    }

    /// <summary>Makes every line break a line feed, in place, and gives the new length.</summary>
    private int WithLineFeeds(Span<char> text)
    {
        if (!isAfterReturn && !text.Contains('\r'))
            return text.Length;
        int length = 0;
        foreach (char c in text)
        {
            bool isSecondHalf = c == '\n' && isAfterReturn;
            isAfterReturn = c == '\r';
            if (!isSecondHalf)
                text[length++] = isAfterReturn ? '\n' : c;
        }
        return length;
    }
}
