using System.Globalization;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Results;

/// <summary>
/// Writes a value of a row in text or binary format, for the five types the console's columns have. Source: the send functions of int.c,
/// bool.c, varlena.c and numeric.c.
/// </summary>
internal static class ValueWriter
{
    /// <summary>The digits of numeric's binary format are of this base.</summary>
    private const int NumericBase = 10_000;

    /// <summary>Writes one value, null for NULL. Numbers are whole and not negative.</summary>
    public static void Write(MessageWriter writer, object? value, int type, bool isBinary)
    {
        if (value is null)
        {
            DataRow.WriteValue(writer, (string?)null);
        }
        else if (!isBinary || value is string)
        {
            // text and name are the same bytes in both formats.
            DataRow.WriteValue(writer, value is bool truth ? (truth ? "t" : "f") : Convert.ToString(value, CultureInfo.InvariantCulture));
        }
        else if (value is bool flag)
        {
            DataRow.WriteValue(writer, flag ? [1] : [0]);
        }
        else
        {
            WriteNumber(writer, Convert.ToInt64(value, CultureInfo.InvariantCulture), type);
        }
    }

    private static void WriteNumber(MessageWriter writer, long value, int type)
    {
        switch (type)
        {
            case TypeOid.Int4:
                writer.WriteInt32(sizeof(int));
                writer.WriteInt32((int)value);
                break;
            case TypeOid.Int8:
                writer.WriteInt32(sizeof(long));
                writer.WriteInt32((int)(value >> 32));
                writer.WriteInt32((int)value);
                break;
            case TypeOid.Numeric:
                WriteNumeric(writer, value);
                break;
            default:
                throw new InvalidOperationException($"no binary format for a number of type {type}");
        }
    }

    // Int16 each: number of digits, weight of the first, sign, digits behind the point; then the digits.
    private static void WriteNumeric(MessageWriter writer, long value)
    {
        Span<short> digits = stackalloc short[5]; // 10000^5 > 2^63
        var count = 0;
        for (var rest = value; rest > 0; rest /= NumericBase)
        {
            digits[count++] = (short)(rest % NumericBase);
        }

        writer.WriteInt32((4 + count) * sizeof(short));
        writer.WriteInt16((short)count);
        writer.WriteInt16((short)Math.Max(count - 1, 0));
        writer.WriteInt16(0);
        writer.WriteInt16(0);
        while (count > 0)
        {
            writer.WriteInt16(digits[--count]);
        }
    }
}
