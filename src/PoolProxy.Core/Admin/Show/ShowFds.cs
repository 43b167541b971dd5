using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW FDS, refused: it would hand out sockets, cancel keys and password hashes for PgBouncer's restart by take-over.</summary>
internal sealed class ShowFds : ShowCommand
{
    private static readonly ProxyError Refusal = ConsoleErrors.ConsoleCommandUnsupported("SHOW FDS", "SHOW SOCKETS lists connections without what is secret about them.");

    /// <inheritdoc/>
    public override string Noun => "fds";

    /// <inheritdoc/>
    public override ConsoleAccess Needs => ConsoleAccess.Admin;

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request) => Task.FromResult(ConsoleAnswer.Failed(Refusal));

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => [];
}
