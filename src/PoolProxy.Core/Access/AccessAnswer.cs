namespace PoolProxy.Core.Access;

/// <summary>What became of a request.</summary>
internal abstract record AccessAnswer
{
    private AccessAnswer()
    {
    }

    /// <summary>Given.</summary>
    /// <param name="Grant">What was.</param>
    /// <param name="Credential">The credential: a secret, said once and kept nowhere.</param>
    public sealed record Given(AccessGrant Grant, string Credential) : AccessAnswer
    {
        /// <inheritdoc/>
        public override string ToString() => $"Given {Grant.Id}";
    }

    /// <summary>Asked for, and to be approved by somebody before it can be collected.</summary>
    /// <param name="Grant">What will be given.</param>
    public sealed record Pending(AccessGrant Grant) : AccessAnswer;

    /// <summary>The caller's token proves nothing.</summary>
    public sealed record Unproven : AccessAnswer
    {
        public static Unproven Instance { get; } = new();
    }

    /// <summary>It proves who asks, who does not get this.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(AccessRefusal Reason) : AccessAnswer;
}
