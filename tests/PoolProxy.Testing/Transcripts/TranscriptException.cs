namespace PoolProxy.Testing.Transcripts;

/// <summary>A conversation went another way than its transcript.</summary>
public sealed class TranscriptException : Exception
{
    /// <summary>With the conversation so far.</summary>
    public TranscriptException(string message) : base(message)
    {
    }

    /// <summary>With the conversation so far and what ended it.</summary>
    public TranscriptException(string message, Exception inner) : base(message, inner)
    {
    }

    /// <summary>Without words.</summary>
    public TranscriptException() : base("the conversation went another way")
    {
    }
}
