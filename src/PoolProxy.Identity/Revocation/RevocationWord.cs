namespace PoolProxy.Identity.Revocation;

/// <summary>A word of an order's text.</summary>
/// <param name="Text">The word, without its quotes.</param>
/// <param name="IsQuoted">It stood between single quotes: it is a value.</param>
public readonly record struct RevocationWord(string Text, bool IsQuoted);
