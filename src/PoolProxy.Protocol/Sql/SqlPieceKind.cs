namespace PoolProxy.Protocol.Sql;

/// <summary>What <see cref="SqlPieces"/> tells apart.</summary>
internal enum SqlPieceKind : byte
{
    /// <summary>Spaces and line ends.</summary>
    Space,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>A keyword or an identifier without quotes.</summary>
    Word,

    /// <summary>An identifier in double quotes.</summary>
    QuotedName,

    /// <summary>A string in quotes or dollar quotes.</summary>
    Literal,

    /// <summary>A number, or a parameter such as <c>$1</c>.</summary>
    Number,

    /// <summary>Any other sign.</summary>
    Sign,
}
