using PoolProxy.ClientTests.Targets;
using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.ClientTests.Proofs;

/// <summary>Where a driver connects, with what in its hands.</summary>
/// <param name="Target">Where and as whom; the password is the token, or empty.</param>
/// <param name="Certificate">The certificate that it shows; null for none.</param>
/// <param name="DerKeyFile">Its key in the form that Java takes; null for none.</param>
/// <param name="Issuer">The issuer that libpq 18 is told to expect.</param>
/// <param name="IsOAuth">The token goes by OAUTHBEARER, where the driver knows it.</param>
internal sealed record ProofTarget(Target Target, CertificateFiles? Certificate, string? DerKeyFile, string Issuer, bool IsOAuth);
