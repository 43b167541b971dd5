using System.Globalization;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>Why an issuer or a rule cannot be used, and the key to blame.</summary>
/// <param name="Message">What is wrong: lower case where no name begins it, no full stop; never a secret.</param>
/// <param name="Path">As the configuration's map of positions has it: the section's parts and the key.</param>
internal sealed record PolicyFault(string Message, params string[] Path)
{
    /// <summary>A fault of a rule, at its <paramref name="key"/>.</summary>
    public static PolicyFault OfRule(RuleSettings rule, string message, string key) => new(message, "rules", rule.Number.ToString(CultureInfo.InvariantCulture), key);
}
