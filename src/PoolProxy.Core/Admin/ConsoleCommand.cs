using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin;

/// <summary>
/// Something the console can be told. Each says what right it needs, and none runs without: the check stands in front of every
/// command's own code (CVE-2026-6667). Stateless; runs on the loop.
/// </summary>
internal abstract class ConsoleCommand
{
    /// <summary>As it is typed, without an argument: <c>SHOW POOLS</c>, <c>PAUSE</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The least right that opens it.</summary>
    public abstract ConsoleAccess Needs { get; }

    /// <summary>What its rows look like: known before it runs, for Describe. Empty for a command without rows.</summary>
    public virtual IReadOnlyList<Column> Columns => [];

    /// <summary>Changes something: the log says who did it.</summary>
    public virtual bool IsLogged => false;

    /// <summary>Its argument may stand in single quotes: it is no name of PostgreSQL's.</summary>
    public virtual bool TakesLiteral => false;

    /// <summary>Checks the right (42501), then does it. Must be started by the loop's Run.</summary>
    public Task<ConsoleAnswer> RunAsync(ConsoleRequest request) =>
        request.Access < Needs ? Task.FromResult(ConsoleAnswer.Failed(ConsoleErrors.AdminAccessNeeded)) : ExecuteAsync(request);

    /// <summary>The command itself; the right has been checked.</summary>
    protected abstract Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request);
}
