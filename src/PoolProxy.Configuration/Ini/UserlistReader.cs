using System.Text;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Ini;

/// <summary>
/// Reads PgBouncer's <c>userlist.txt</c>: lines of <c>"name" "password or verifier"</c>, a quote inside written twice, the rest of the line
/// ignored, <c>;</c> for a line of comment. PgBouncer stops at a malformed line; here it is a fault and the next line is read.
/// </summary>
public static class UserlistReader
{
    /// <summary>The longest file read, in characters.</summary>
    public const int MaxTextLength = 64 * 1024 * 1024;

    /// <summary>Reading ends after this many faults.</summary>
    public const int MaxFaults = 100;

    /// <summary>Reads <paramref name="text"/>; <paramref name="fileName"/> is what faults call it. Faults quote nothing of the text.</summary>
    public static UserlistResult Read(string text, string fileName)
    {
        var users = new Dictionary<string, Secret>(StringComparer.Ordinal);
        var faults = new FaultList(fileName);
        if (text.Length > MaxTextLength) faults.Add(SourcePosition.Start, $"the file is longer than {MaxTextLength} characters");
        else
            ReadLines(text.StartsWith('\ufeff') ? text[1..] : text, users, faults);
        return new(users, faults.InOrder);
    }

    private static void ReadLines(string text, Dictionary<string, Secret> users, FaultList faults)
    {
        var line = 0;
        foreach (var range in text.AsSpan().Split('\n')) // and nothing else: a password may hold any other character
        {
            var content = text.AsSpan(range).TrimEnd('\r');
            line++;
            var rest = content.TrimStart();
            if (rest.IsEmpty || rest[0] == ';') continue;
            if (ReadLine(content, rest, users, line) is not { } fault) continue;
            faults.Add(fault.Position, fault.Message, "A line is \"name\" \"password\", each in double quotes.");
            if (faults.Count == MaxFaults) return;
        }
    }

    private static (SourcePosition Position, string Message)? ReadLine(ReadOnlySpan<char> content, ReadOnlySpan<char> rest, Dictionary<string, Secret> users, int line)
    {
        var nameAt = Position(content, rest, line);
        if (!TryTakeQuoted(ref rest, out var name)) return (nameAt, "expected a user name in double quotes");
        rest = rest.TrimStart();
        var passwordAt = Position(content, rest, line);
        if (!TryTakeQuoted(ref rest, out var password)) return (passwordAt, "expected a password in double quotes");
        if (name.Length == 0) return (nameAt, "the user name is empty");
        if (Kinds.CheckName(name) is { } unfit) return (nameAt, unfit.Message);
        if (Texts.CheckPlain(password, Bounds.PasswordLength) is { } problem) return (passwordAt, problem.Message);
        users[name] = new Secret(password);
        return null;
    }

    // At a quote: up to its partner on the same line; two quotes are one in the text.
    private static bool TryTakeQuoted(ref ReadOnlySpan<char> rest, out string text)
    {
        text = "";
        if (rest.IsEmpty || rest[0] != '"') return false;
        var taken = new StringBuilder();
        for (rest = rest[1..]; !rest.IsEmpty; rest = rest[1..])
        {
            if (rest[0] == '"')
            {
                if (rest.Length == 1 || rest[1] != '"')
                {
                    rest = rest[1..];
                    text = taken.ToString();
                    return true;
                }
                rest = rest[1..];
            }
            taken.Append(rest[0]);
        }
        return false;
    }

    private static SourcePosition Position(ReadOnlySpan<char> content, ReadOnlySpan<char> rest, int line)
    {
        var column = 1;
        foreach (var c in content[..^rest.Length])
            if (!char.IsLowSurrogate(c)) column++;
        return new SourcePosition(line, column);
    }
}
