using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW VERSION.</summary>
internal sealed class ShowVersion : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "version";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("version")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => [[ConsoleView.Version]];
}
