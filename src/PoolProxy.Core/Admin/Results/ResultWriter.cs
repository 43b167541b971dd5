using System.Text;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Results;

/// <summary>Turns answers into messages.</summary>
internal static class ResultWriter
{
    /// <summary>RowDescription, or NoData for a command without rows.</summary>
    public static void WriteDescription(MessageWriter writer, IReadOnlyList<Column> columns, ResultFormats formats)
    {
        if (columns.Count == 0)
        {
            NoData.Write(writer);
            return;
        }

        writer.Begin(BackendType.RowDescription);
        writer.WriteInt16((short)columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            writer.WriteCString(columns[i].Name);
            writer.WriteInt32(0); // table's OID
            writer.WriteInt16(0); // attribute number
            writer.WriteInt32(columns[i].Type);
            writer.WriteInt16(columns[i].TypeLengthBytes);
            writer.WriteInt32(-1); // type modifier
            writer.WriteInt16((short)(formats.IsBinary(i) ? 1 : 0));
        }

        writer.End();
    }

    /// <summary>One row.</summary>
    public static void WriteRow(MessageWriter writer, IReadOnlyList<Column> columns, object?[] row, ResultFormats formats)
    {
        DataRow.Begin(writer, columns.Count);
        for (var i = 0; i < columns.Count; i++)
        {
            ValueWriter.Write(writer, row[i], columns[i].Type, formats.IsBinary(i));
        }

        DataRow.End(writer);
    }

    /// <summary>A whole answer to a simple Query, without the ReadyForQuery.</summary>
    public static void WriteAnswer(MessageWriter writer, IReadOnlyList<Column> columns, ConsoleAnswer answer)
    {
        WriteSaid(writer, answer.Error ?? answer.Notice);
        if (answer.Error is not null)
        {
            return;
        }

        if (columns.Count > 0)
        {
            WriteDescription(writer, columns, default);
        }

        foreach (var row in answer.Rows)
        {
            WriteRow(writer, columns, row, default);
        }

        WriteTag(writer, answer);
    }

    /// <summary>CommandComplete. A command that says SELECT counts its rows, as drivers expect.</summary>
    public static void WriteTag(MessageWriter writer, ConsoleAnswer answer) =>
        CommandComplete.Write(writer, Encoding.UTF8.GetBytes(answer.Tag == "SELECT" ? $"SELECT {answer.Rows.Count}" : answer.Tag));

    /// <summary>An error or a notice; null is nothing.</summary>
    public static void WriteSaid(MessageWriter writer, ProxyError? said)
    {
        if (said is not null)
        {
            writer.WriteBytes(said.Wire.Span);
        }
    }
}
