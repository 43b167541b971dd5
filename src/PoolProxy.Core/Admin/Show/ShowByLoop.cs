using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW of what only its own loop may touch: each loop is asked for its rows, and they are shown in the loops' order.</summary>
internal abstract class ShowByLoop : ShowCommand
{
    /// <inheritdoc/>
    protected sealed override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var rows = await request.View.Shared.AskEachAsync(services => RowsOf(services).ToArray());
        return ConsoleAnswer.Of("SHOW", [.. rows.SelectMany(own => own)]);
    }

    /// <summary>One loop's rows; runs on that loop.</summary>
    protected abstract IEnumerable<object?[]> RowsOf(FrontendServices services);

    /// <inheritdoc/>
    protected sealed override IEnumerable<object?[]> Rows(ConsoleView view) => throw new InvalidOperationException("each loop has its own rows");
}
