using PoolProxy.Protocol.Conversation;

namespace PoolProxy.UnitTests.Protocol.Conversation;

/// <summary>What happens when the model server runs one part of a Query, or an Execute.</summary>
public enum ModelResult
{
    Rows,
    Command,
    Empty,
    Suspended,
    CopyOut,
    CopyIn,
    CopyInThatFailsAtOnce,
    CopyInThatFailsAtItsEnd,
    Error,
}

/// <summary>What a client of the model sends: everything with an entry, and the two without.</summary>
public enum ModelKind
{
    Parse,
    Bind,
    DescribeStatement,
    DescribePortal,
    Execute,
    Close,
    Sync,
    Query,
    FunctionCall,
    CopyDone,
    CopyFail,
    Flush,
    CopyData,
}

/// <summary>One frontend message of the model, with its fate should the server get to run it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Origin">Made ones are seen by the model server as nothing at all.</param>
/// <param name="Results">What a Query, an Execute gives; for others only whether it holds an error counts.</param>
/// <param name="Status">What the ReadyForQuery that answers it says.</param>
public sealed record ModelMessage(ModelKind Kind, OwedOrigin Origin, ModelResult[] Results, byte Status)
{
    public int Id { get; init; }

    public bool IsExtended => Kind < ModelKind.Sync;

    public bool HasEntry => Kind < ModelKind.Flush;

    public OwedKind EntryKind => Kind is ModelKind.CopyDone or ModelKind.CopyFail ? OwedKind.CopyEnd : (OwedKind)Kind;

    public bool Fails => Results.Contains(ModelResult.Error);

    public override string ToString() => $"{Kind}/{Origin}[{string.Join(' ', Results)}]";
}
