namespace PoolProxy.Configuration.Model;

/// <summary><c>removed_issuer</c>: what a RELOAD that takes an issuer away does with those who came with its tokens.</summary>
public enum RemovedIssuer
{
    /// <summary><c>keep</c>: they stay until their tokens end; nobody new enters.</summary>
    Keep,

    /// <summary><c>end</c>: they are ended with it.</summary>
    End,
}
