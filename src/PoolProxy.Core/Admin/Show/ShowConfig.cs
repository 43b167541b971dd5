using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW CONFIG: the settings of [proxy] by their names, as PgBouncer sorts them. Secrets print hidden.</summary>
internal sealed class ShowConfig : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "config";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("key"), Text("value"), Text("default"), Text("changeable")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var defaults = new ProxySettings();
        return ProxyCatalogue.Settings.OrderBy(setting => setting.Name, StringComparer.Ordinal).Select(setting => (object?[])[setting.Name, setting.Print(view.Proxy), setting.Print(defaults), setting.IsChangeable ? "yes" : "no"]);
    }
}
