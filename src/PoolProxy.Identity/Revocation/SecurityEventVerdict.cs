namespace PoolProxy.Identity.Revocation;

/// <summary>What became of a security event token.</summary>
public abstract record SecurityEventVerdict
{
    private SecurityEventVerdict()
    {
    }

    /// <summary>It holds.</summary>
    public sealed record Accepted(SecurityEventToken Token) : SecurityEventVerdict;

    /// <summary>It does not; the description is for the transmitter and holds nothing of the token.</summary>
    public sealed record Refused(SecurityEventFault Fault, string Description) : SecurityEventVerdict;

    /// <summary>The keys hold none of that <c>kid</c>: newer ones may.</summary>
    public sealed record KeyUnknown(string? KeyId) : SecurityEventVerdict;
}
