using System.Globalization;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW DENIALS: the last refused logins, the newest first, each with the check that refused it; the clients were told none of this.</summary>
internal sealed class ShowDenials : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "denials";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
        [Text("time"), Text("address"), Text("user"), Text("database"), Text("method"), Text("issuer"), Text("subject"), Text("reason")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view) => view.Shared.Denials.Latest().Select(denial => (object?[])
    [
        denial.Time.ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture), denial.Address, denial.User, denial.Database, denial.Method,
        denial.Issuer, denial.Subject, denial.Reason,
    ]);
}
