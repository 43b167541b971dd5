using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login whose VALID UNTIL has passed. PostgreSQL looks at it for passwords only, so a certificate still comes in: whoever set it meant otherwise.</summary>
internal sealed class ValidUntilCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login has not expired";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => true;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) =>
        Of(examination.Login) is { } finding ? Found(finding) : Found();

    /// <summary>The same for a login that could not be used to ask.</summary>
    public static Finding? Of(RoleFacts login) => login.ExpiredAt is not { } date ? null : Finding.Fault(
        $"login \"{login.Name}\" has expired: VALID UNTIL {date}",
        "No password opens it any more, while a certificate still does.",
        $"ALTER ROLE {SqlText.Name(login.Name)} VALID UNTIL 'infinity';") with
    {
        Advice = "If it was meant to end, take it out of the configuration and make it NOLOGIN instead.",
    };
}
