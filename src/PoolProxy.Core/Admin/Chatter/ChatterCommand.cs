using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Chatter;

/// <summary>
/// What drivers say to any server as a matter of course, with its answer made when it was parsed: a tag, or fixed rows. It changes
/// nothing but the client's own session.
/// </summary>
internal sealed class ChatterCommand : ConsoleCommand
{
    private readonly ConsoleAnswer _answer;

    private ChatterCommand(string name, IReadOnlyList<Column> columns, ConsoleAnswer answer)
    {
        Name = name;
        Columns = columns;
        _answer = answer;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override ConsoleAccess Needs => ConsoleAccess.Stats;

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; }

    /// <summary>The session's new application_name; null for no change.</summary>
    public string? ApplicationName { get; init; }

    /// <summary>A tag and nothing else.</summary>
    public static ChatterCommand Tag(string tag, ProxyError? notice = null) => new(tag, [], ConsoleAnswer.Done(tag, notice));

    /// <summary>A tag, after which prepared statements are gone: all for "", one by its name.</summary>
    public static ChatterCommand Deallocate(string tag, string statement) => new(tag, [], ConsoleAnswer.Done(tag, deallocates: statement));

    /// <summary>One value.</summary>
    public static ChatterCommand Value(string tag, Column column, object? value) => new(tag, [column], ConsoleAnswer.Of(tag, [[value]]));

    /// <summary>Rows.</summary>
    public static ChatterCommand Result(IReadOnlyList<Column> columns, IReadOnlyList<object?[]> rows) => new("SELECT", columns, ConsoleAnswer.Of("SELECT", rows));

    /// <summary>SET application_name.</summary>
    public static ChatterCommand Rename(string applicationName) => new("SET", [], ConsoleAnswer.Done("SET")) { ApplicationName = applicationName };

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (ApplicationName is { } name)
        {
            request.Session.ApplicationName = name;
        }

        return Task.FromResult(_answer);
    }
}
