using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW IDENTITIES: who is behind the clients: issuer (empty for PgBouncer's methods), subject, role, and how many clients each has.</summary>
internal sealed class ShowIdentities : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "identities";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("issuer"), Text("subject"), Text("role"), Int("clients")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) =>
        view.Services.Identities.All.Select(live => (object?[])[live.Identity.Issuer, live.Identity.Subject, live.Identity.Role, live.Clients]);
}
