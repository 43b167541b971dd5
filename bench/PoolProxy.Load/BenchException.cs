namespace PoolProxy.Load;

/// <summary>A run that does not count, with the reason: a client was answered with an error, a process ended, nothing moved any more.</summary>
public sealed class BenchException : Exception
{
    /// <summary>A fault without a text.</summary>
    public BenchException()
    {
    }

    /// <summary>A fault with its reason.</summary>
    public BenchException(string message)
        : base(message)
    {
    }

    /// <summary>A fault with its reason and what was behind it.</summary>
    public BenchException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
