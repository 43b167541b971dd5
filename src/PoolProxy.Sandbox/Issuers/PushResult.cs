namespace PoolProxy.Sandbox.Issuers;

/// <summary>What a receiver answered to a pushed event.</summary>
/// <param name="Status">The HTTP status: 202 where it took the event (RFC 8935 §2.2), 400 where it did not.</param>
/// <param name="Error">The member <c>err</c> of a refusal (RFC 8935 §2.4); null without one.</param>
public sealed record PushResult(int Status, string? Error);
