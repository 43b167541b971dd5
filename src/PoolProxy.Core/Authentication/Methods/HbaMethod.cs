using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "hba": the first line of auth_hba_file that fits the connection, the database and the user says which method runs. By
/// <c>reject</c>, and where no line fits, the login is refused with the words of every other refusal, so that nobody can read the file off the answers.
/// </summary>
internal sealed class HbaMethod(IReadOnlyList<HbaLine> lines, IReadOnlyDictionary<AuthType, ILoginMethod> methods) : ILoginMethod
{
    private static readonly string[] ConsoleNames = ["pgbouncer", "poolproxy"];

    public string Name => "hba";

    public bool AsksUsers => false;

    public ILoginMethod For(LoginExchange exchange) => Find(exchange) is { Method: { } method } ? methods[method] : this;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange) =>
        ValueTask.FromResult(LoginResult.Refused(exchange.Refusal, Find(exchange) is null ? "hba_no_line" : "hba_reject"));

    private HbaLine? Find(LoginExchange exchange)
    {
        var connection = exchange.Channel.Connection;
        var address = connection.IsUnix ? null : connection.RemoteEndPoint?.Address;
        return lines.FirstOrDefault(line => line.Covers(address, connection.IsTls) && line.Users.Holds(exchange.User) && Names(line.Databases, exchange));
    }

    // The console has two names: a line that shuts one must not leave the other open.
    private static bool Names(HbaNames databases, LoginExchange exchange) => exchange.IsPhysicalReplication ? databases.IsReplication : exchange.IsConsole
        ? ConsoleNames.Any(name => databases.Holds(name, exchange.User))
        : databases.Holds(exchange.Database, exchange.User);
}
