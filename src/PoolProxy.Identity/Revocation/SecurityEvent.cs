namespace PoolProxy.Identity.Revocation;

/// <summary>One event of a security event token.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Keys">What is to be revoked because of it; empty where nothing is.</param>
/// <param name="At">When it happened: what was issued until then is concerned.</param>
/// <param name="State">Of a verification, what the transmitter was asked to send along; null without.</param>
public sealed record SecurityEvent(SecurityEventKind Kind, IReadOnlyList<RevocationKey> Keys, DateTimeOffset At, string? State);
