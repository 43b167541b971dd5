namespace PoolProxy.Protocol.Sql;

/// <summary>
/// One number for all texts that differ in their literals only: <c>… where id = 7</c> and <c>… where id = 8</c> are the same text with another
/// value, as they would be with a parameter. For guesses about how a text will behave, never for what it may do: it reads literals roughly, and two
/// texts may have one number.
/// </summary>
public static class TextFingerprint
{
    private const uint Prime = 16777619;

    /// <summary>The number of a text; another one for each seed.</summary>
    public static int Of(ReadOnlySpan<byte> text, int seed)
    {
        uint hash = (uint)seed ^ 2166136261;
        bool isInWord = false;
        int i = 0;
        while (i < text.Length)
        {
            byte letter = text[i++];
            if (letter == '\'')
            {
                // A doubled quote begins the next literal at once: the number is another one, and that is all.
                int end = text[i..].IndexOf((byte)'\'');
                i = end < 0 ? text.Length : i + end + 1;
                isInWord = false;
            }
            else if (!isInWord && letter is >= (byte)'0' and <= (byte)'9')
            {
                while (i < text.Length && (IsWord(text[i]) || text[i] == '.'))
                    i++;
                letter = (byte)'0';
            }
            else
            {
                isInWord = IsWord(letter);
            }

            hash = (hash ^ letter) * Prime;
        }

        return (int)(hash ^ (hash >> 15));
    }

    private static bool IsWord(byte letter) =>
        letter is >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or >= (byte)'0' and <= (byte)'9' or (byte)'_' or (byte)'$' or >= 0x80;
}
