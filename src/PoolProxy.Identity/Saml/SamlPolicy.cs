using System.Security.Cryptography;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>What is asked of an identity provider's assertions. Immutable.</summary>
/// <param name="Issuer">Issuer, audiences, algorithms, skew, bounds, as for tokens.</param>
/// <param name="Keys">The provider's keys: nothing that an assertion brings along is ever one.</param>
/// <param name="Recipients">One of these must be the recipient that the assertion's bearer confirmation names.</param>
public sealed record SamlPolicy(IssuerPolicy Issuer, IReadOnlyList<RSA> Keys, IReadOnlyList<string> Recipients);
