namespace PoolProxy.Configuration;

/// <summary>Something in a file that cannot stand, with where it is and what would help.</summary>
/// <param name="File">The file's name as the caller gave it.</param>
/// <param name="Position">Where in it.</param>
/// <param name="Message">What is wrong: lower case, no full stop; never a secret.</param>
/// <param name="Hint">The bound, the nearest known name, or what to write instead; a whole sentence, or null.</param>
public sealed record ConfigurationFault(string File, SourcePosition Position, string Message, string? Hint = null)
{
    /// <summary>From 1.</summary>
    public int Line => Position.Line;

    /// <summary>From 1, in characters.</summary>
    public int Column => Position.Column;

    /// <summary><c>file:line:column: message. Hint</c>, as compilers write it, so that editors find the place.</summary>
    public override string ToString() =>
        Hint is null ? $"{File}:{Line}:{Column}: {Message}" : $"{File}:{Line}:{Column}: {Message}. {Hint}";
}
