using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing.Transcripts;

/// <summary>
/// A conversation in text, one message a line: <c>&gt; Query "SELECT 1"</c> is sent by the frontend, <c>&lt; ReadyForQuery I</c> by the backend,
/// in the notation of <see cref="WireMessage"/>. Messages are compared byte for byte. A line that ends in <c>…</c> only gives the name and parts
/// that must occur, such as <c>&lt; ErrorResponse C="42601" …</c>, for what differs between versions. Blank lines and lines with <c>#</c> are left out.
/// </summary>
public sealed class Transcript
{
    private readonly TranscriptStep[] _steps;

    private Transcript(TranscriptStep[] steps) => _steps = steps;

    /// <summary>The lines.</summary>
    public IReadOnlyList<TranscriptStep> Steps => _steps;

    /// <summary>The bytes that a side sends in the whole conversation.</summary>
    public int BytesSentBy(Side side) => Blocks(side).Sum(block => block.Length);

    /// <summary>Every way to cut what a side sends: not at all, at each place of its longest block, and everywhere.</summary>
    public IEnumerable<Cut> Cuts(Side side)
    {
        int longest = Blocks(side).Select(block => block.Length).DefaultIfEmpty().Max();
        return [Cut.None, .. Enumerable.Range(1, Math.Max(longest - 1, 0)).Select(at => new Cut(at)), Cut.EveryByte];
    }

    /// <summary>Reads a transcript.</summary>
    /// <exception cref="FormatException">A line is wrong; the message shows it.</exception>
    public static Transcript Parse(string text) =>
        new([.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(ParseLine)]);

    /// <summary>Plays the frontend's part: sends its lines, each block in one write or cut, and compares what the backend sends.</summary>
    /// <exception cref="TranscriptException">Something else came; the message shows the whole conversation up to there.</exception>
    public Task PlayAsync(RawClient client, Cut cut = default) => PlayAsync(Side.Frontend, client.Stream, client.ReadAsync, cut);

    /// <summary>Plays the backend's part.</summary>
    /// <exception cref="TranscriptException">Something else came; the message shows the whole conversation up to there.</exception>
    public Task PlayAsync(ScriptedSession session, Cut cut = default) => PlayAsync(Side.Backend, session.Stream, session.ReadAsync, cut);

    private static TranscriptStep ParseLine(string line)
    {
        Side side = line[0] switch
        {
            '>' => Side.Frontend,
            '<' => Side.Backend,
            _ => throw new FormatException($"a line starts with > or <: {line}"),
        };
        string notation = line[1..].Trim();
        if (!notation.EndsWith('…'))
        {
            WireMessage message = WireMessage.Parse(side, notation);
            return new TranscriptStep(message, side, message.Name, []);
        }
        string[] words = notation[..^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // A part may hold blanks inside quotes, so parts are cut at the blanks outside of them.
        string name = MessageShape.Named(side, words[0]).Name;
        return new TranscriptStep(null, side, name, Parts(notation[name.Length..^1]));
    }

    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        int start = 0;
        bool quoted = false;
        for (int index = 0; index <= text.Length; index++)
        {
            if (index < text.Length && text[index] == '"' && (index == 0 || text[index - 1] != '\\'))
            {
                quoted = !quoted;
            }
            if (index == text.Length || (text[index] == ' ' && !quoted))
            {
                if (index > start)
                {
                    parts.Add(text[start..index]);
                }
                start = index + 1;
            }
        }
        return parts;
    }

    private async Task PlayAsync(Side self, WireStream stream, Func<Task<WireMessage>> readAsync, Cut cut)
    {
        for (int index = 0; index < _steps.Length;)
        {
            if (_steps[index].Side == self)
            {
                byte[] block = Block(index, self, out int next);
                await stream.WriteInPiecesAsync(block, cut.Sizes(block.Length));
                index = next;
                continue;
            }
            WireMessage actual;
            try
            {
                actual = await readAsync();
            }
            catch (Exception error) when (error is IOException or TimeoutException)
            {
                throw new TranscriptException(Story(index) + $"\nbut instead: {error.Message}", error);
            }
            if (!_steps[index].Accepts(actual))
            {
                throw new TranscriptException(Story(index) + $"\nbut it was: {actual}");
            }
            index++;
        }
    }

    private IEnumerable<byte[]> Blocks(Side side)
    {
        for (int index = 0; index < _steps.Length;)
        {
            if (_steps[index].Side == side)
            {
                yield return Block(index, side, out index);
            }
            else
            {
                index++;
            }
        }
    }

    private byte[] Block(int start, Side side, out int next)
    {
        var bytes = new List<byte>();
        for (next = start; next < _steps.Length && _steps[next].Side == side; next++)
        {
            bytes.AddRange((_steps[next].Message ?? throw new TranscriptException($"this line is to be sent and must be whole: {_steps[next]}")).Bytes.Span);
        }
        return [.. bytes];
    }

    private string Story(int until) => "the conversation up to the line that did not come:\n" + string.Join('\n', _steps.Take(until + 1));
}
