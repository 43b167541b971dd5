using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW of something: rows whose columns have PgBouncer's names, order and types, because exporters read them so.</summary>
internal abstract class ShowCommand : ConsoleCommand
{
    /// <summary>What comes behind SHOW, in lower case.</summary>
    public abstract string Noun { get; }

    /// <inheritdoc/>
    public override string Name => "SHOW " + Noun.ToUpperInvariant();

    /// <inheritdoc/>
    public override ConsoleAccess Needs => ConsoleAccess.Stats;

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request) => Task.FromResult(ConsoleAnswer.Of("SHOW", [.. Rows(request.View)]));

    /// <summary>The rows as things stand.</summary>
    protected abstract IEnumerable<object?[]> Rows(ConsoleView view);

    /// <summary>A column of text.</summary>
    protected static Column Text(string name) => new(name);

    /// <summary>A column of int4.</summary>
    protected static Column Int(string name) => new(name, TypeOid.Int4);
}
