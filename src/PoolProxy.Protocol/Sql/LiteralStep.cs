namespace PoolProxy.Protocol.Sql;

/// <summary>What a byte does to a string literal.</summary>
internal enum LiteralStep : byte
{
    /// <summary>It is part of it, or of the white space that may join it to another piece.</summary>
    Within,

    /// <summary>The literal ended before this byte, which is to be read again.</summary>
    Ended,

    /// <summary>The literal ended before a minus, which was taken as the beginning of a comment and is none; this byte is to be read again behind it.</summary>
    EndedBeforeMinus,
}
