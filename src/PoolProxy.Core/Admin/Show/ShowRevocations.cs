using PoolProxy.Identity.Revocation;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW REVOCATIONS: the orders that hold: about whom, since and until when, and who has given them. NULL in until: until it is taken back.</summary>
internal sealed class ShowRevocations : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "revocations";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("kind"), Text("value"), Text("issuer"), Text("before"), Text("until"), Text("source"), Text("reason")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        view.Shared.Revocations.Registry.Snapshot.At(view.Services.Loop.Time.GetUtcNow()).OrderBy(entry => entry.Key.Kind).ThenBy(entry => entry.Key.Value, StringComparer.Ordinal).Select(entry => (object?[])
        [
            Word(entry.Key.Kind),
            entry.Key.Value,
            entry.Key.Issuer,
            entry.Key.Kind == RevocationKind.Before ? RevocationText.WriteTime(entry.Before) : null,
            entry.Until == DateTimeOffset.MaxValue ? null : RevocationText.WriteTime(entry.Until),
            entry.Source,
            entry.Reason,
        ]);

    private static string Word(RevocationKind kind) => kind switch
    {
        RevocationKind.Token => "jti",
        RevocationKind.Subject => "sub",
        RevocationKind.Session => "sid",
        RevocationKind.Issuer => "issuer",
        _ => "before",
    };
}
