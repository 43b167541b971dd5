using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Results;

/// <summary>What came of a command: an error, or a tag with the rows and the notice before it.</summary>
internal sealed class ConsoleAnswer
{
    private ConsoleAnswer(string tag, ProxyError? error)
    {
        Tag = tag;
        Error = error;
    }

    /// <summary>Why there is nothing else; the connection goes on.</summary>
    public ProxyError? Error { get; }

    /// <summary>The command tag.</summary>
    public string Tag { get; }

    /// <summary>A row has a value a column: string for text, a whole number for int4, int8 and numeric, null for NULL.</summary>
    public IReadOnlyList<object?[]> Rows { get; private init; } = [];

    /// <summary>Said before the rows.</summary>
    public ProxyError? Notice { get; private init; }

    /// <summary>The proxy is going down now: the end of the connection is the answer, as in PgBouncer.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>Behind it the connection ends.</summary>
    public bool IsLast { get; private init; }

    /// <summary>What is sent with the rows, one with each; null for none.</summary>
    public IReadOnlyList<int>? Descriptors { get; private init; }

    /// <summary>Prepared statements that are no more: all for "", one by its name, none for null.</summary>
    public string? Deallocates { get; private init; }

    /// <summary>Nothing came of it.</summary>
    public static ConsoleAnswer Failed(ProxyError error) => new("", error);

    /// <summary>Done, without rows.</summary>
    public static ConsoleAnswer Done(string tag, ProxyError? notice = null, string? deallocates = null) => new(tag, null) { Notice = notice, Deallocates = deallocates };

    /// <summary>Rows.</summary>
    public static ConsoleAnswer Of(string tag, IReadOnlyList<object?[]> rows, IReadOnlyList<int>? descriptors = null) => new(tag, null) { Rows = rows, Descriptors = descriptors };

    /// <summary>Done, and the last that is said to this client.</summary>
    public static ConsoleAnswer Last(string tag) => new(tag, null) { IsLast = true };

    /// <summary>Done, and there is nobody left to say so.</summary>
    public static ConsoleAnswer Silent() => new("", null) { IsSilent = true };
}
