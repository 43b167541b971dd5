using PoolProxy.Protocol.Framing;

namespace PoolProxy.Load.Driver;

/// <summary>
/// What a client says, built before the run. A transaction is a row of steps, each ended by one ReadyForQuery; it has many variants, so that
/// keys differ from one transaction to the next without anything being built on the way.
/// </summary>
/// <param name="Preparation">Said once after login; null for nothing.</param>
/// <param name="Variants">By variant, then by step.</param>
/// <param name="CopyData">Sent when the server answers CopyInResponse; null where it never does.</param>
internal sealed record Script(byte[]? Preparation, byte[][][] Variants, byte[]? CopyData = null)
{
    /// <summary>A script whose every transaction is these same messages.</summary>
    public static Script Always(Action<MessageWriter> transaction) => new(null, [[Messages.Of(transaction)]]);

    /// <summary>A script of one step with many variants.</summary>
    public static Script OneOf(int variants, Action<MessageWriter, int> transaction, Action<MessageWriter>? preparation = null) => new(
        preparation is null ? null : Messages.Of(preparation),
        [.. Enumerable.Range(0, variants).Select(variant => new[] { Messages.Of(writer => transaction(writer, variant)) })]);
}
