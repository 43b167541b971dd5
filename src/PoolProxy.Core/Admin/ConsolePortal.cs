using PoolProxy.Core.Admin.Language;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin;

/// <summary>A bound statement: its answer once it has run, and how far that has been fetched.</summary>
/// <param name="statement">What to run; null for an empty query.</param>
/// <param name="formats">The formats of its columns.</param>
internal sealed class ConsolePortal(ConsoleStatement? statement, ResultFormats formats)
{
    private int _next;

    public ConsoleStatement? Statement { get; } = statement;

    /// <summary>Null before the first Execute.</summary>
    public ConsoleAnswer? Answer { get; set; }

    /// <summary>RowDescription in the formats that Bind asked for, or NoData.</summary>
    public void WriteDescription(MessageWriter writer) => ResultWriter.WriteDescription(writer, Statement?.Command.Columns ?? [], formats);

    /// <summary>The next rows, at most that many (0 is all), and how the fetch ends: CommandComplete or PortalSuspended.</summary>
    public void WriteRows(MessageWriter writer, int maxRows)
    {
        var columns = Statement!.Command.Columns;
        var rows = Answer!.Rows;
        var end = maxRows > 0 ? (int)Math.Min((long)_next + maxRows, rows.Count) : rows.Count;
        for (; _next < end; _next++)
        {
            ResultWriter.WriteRow(writer, columns, rows[_next], formats);
        }

        if (_next < rows.Count)
        {
            PortalSuspended.Write(writer);
        }
        else
        {
            ResultWriter.WriteTag(writer, Answer);
        }
    }
}
