namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "hba": the first line of auth_hba_file that fits the connection, the database and the user says which method runs. By
/// <c>reject</c>, and where no line fits, the login is refused with the words of every other refusal, so that nobody can read the file off the answers.
/// </summary>
/// <param name="rules">The lines.</param>
/// <param name="methods">The method of each line; null for reject.</param>
internal sealed class HbaMethod(HbaRules rules, IReadOnlyList<ILoginMethod?> methods) : ILoginMethod
{
    // The console has two names: a line that shuts one must not leave the other open.
    private static readonly string[] ConsoleNames = ["pgbouncer", "poolproxy"];

    public string Name => "hba";

    public bool AsksUsers => false;

    public ILoginMethod For(LoginExchange exchange) => Find(exchange) is >= 0 and var line && methods[line] is { } method ? method : this;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange) =>
        ValueTask.FromResult(LoginResult.Refused(exchange.Refusal, Find(exchange) < 0 ? "hba_no_line" : "hba_reject"));

    private int Find(LoginExchange exchange)
    {
        var connection = exchange.Channel.Connection;
        var address = connection.IsUnix ? null : connection.RemoteEndPoint?.Address;

        // Physical replication names no database; and the console is never replicated, whatever a client asks for besides.
        return rules.Find(address, connection.IsTls, exchange.IsConsole ? ConsoleNames : exchange.IsPhysicalReplication ? [] : [exchange.Database], exchange.User);
    }
}
