using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Isolation;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW IDENTITIES: who is behind the clients: issuer (empty for PgBouncer's methods), subject, role, how many clients each has, how many of them have a
/// server at the moment, and how many prepared statements they hold. The console's clients are in SHOW SESSIONS.
/// </summary>
internal sealed class ShowIdentities : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "identities";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
        [Text("issuer"), Text("subject"), Text("role"), Int("clients"), Int("servers"), Int("prepared_statements")];

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var counted = await request.View.Shared.AskEachAsync(Count);
        var rows = request.View.Services.Identities.All.Select(live =>
        {
            var (servers, statements) = (0, 0);
            foreach (var counts in counted)
            {
                if (counts.TryGetValue(live.Identity, out var own))
                {
                    (servers, statements) = (servers + own.Servers, statements + own.Statements);
                }
            }

            return (object?[])[live.Identity.Issuer, live.Identity.Subject, live.Identity.Role, live.Clients, servers, statements];
        });
        return ConsoleAnswer.Of("SHOW", [.. rows]);
    }

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => throw new InvalidOperationException("each loop has its own clients");

    // On the loop whose clients these are.
    private static Dictionary<ClientIdentity, (int Servers, int Statements)> Count(FrontendServices services)
    {
        var counts = new Dictionary<ClientIdentity, (int Servers, int Statements)>(ReferenceEqualityComparer.Instance);
        foreach (var client in services.Clients.All)
        {
            if (client.Identity is { } identity)
            {
                var (servers, statements) = counts.GetValueOrDefault(identity);
                counts[identity] = (servers + (client.Relay is { IsLinked: true } ? 1 : 0), statements + (client.Relay?.PreparedStatementCount ?? client.Parked?.Names?.Count ?? 0));
            }
        }

        return counts;
    }
}
