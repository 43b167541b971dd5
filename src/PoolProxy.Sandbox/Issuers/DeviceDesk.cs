using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// The device flow of a test issuer (RFC 8628): a device gets a code to poll with and one to show; a test, in the place of a person with a browser, approves or denies the latter. Thread-safe.
/// </summary>
public sealed class DeviceDesk
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Request> _byDevice = [];

    internal DeviceDesk(TimeProvider time) => _time = time;

    /// <summary>The least seconds between two polls; sooner is <c>slow_down</c>.</summary>
    public int IntervalSeconds { get; set; } = 5;

    /// <summary>The person at the browser agrees.</summary>
    /// <exception cref="InvalidOperationException">No device shows that code.</exception>
    public void Approve(string userCode, string subject, params string[] groups) => Decide(userCode, request => (request.Subject, request.Groups) = (subject, groups));

    /// <summary>The person at the browser refuses.</summary>
    /// <exception cref="InvalidOperationException">No device shows that code.</exception>
    public void Deny(string userCode) => Decide(userCode, request => request.IsDenied = true);

    internal JsonObject Begin(string client, string scope, string issuer)
    {
        string device = RandomNumberGenerator.GetHexString(40, lowercase: true);
        string user = RandomNumberGenerator.GetString("BCDFGHJKLMNPQRSTVWXZ", 8).Insert(4, "-");
        lock (_gate)
        {
            _byDevice[device] = new Request(client, user, scope, _time.GetTimestamp());
        }

        return new JsonObject
        {
            ["device_code"] = device,
            ["user_code"] = user,
            ["verification_uri"] = issuer + "/device",
            ["verification_uri_complete"] = $"{issuer}/device?user_code={user}",
            ["expires_in"] = (int)Life.TotalSeconds,
            ["interval"] = IntervalSeconds,
        };
    }

    // A person with a browser would be asked here; a test calls Approve.
    internal IssuerReply Page(string userCode)
    {
        lock (_gate)
        {
            return _byDevice.Values.FirstOrDefault(request => request.UserCode == userCode) is { } found
                ? IssuerReply.Of(new JsonObject { ["client"] = found.Client, ["scope"] = found.Scope })
                : new IssuerReply(StatusCodes.Status404NotFound);
        }
    }

    /// <summary>RFC 8628 §3.5: who the token is for, or the error to answer with.</summary>
    internal (string Subject, string[] Groups, string Scope)? Poll(string client, string deviceCode, out string error)
    {
        lock (_gate)
        {
            if (!_byDevice.TryGetValue(deviceCode, out Request? request) || request.Client != client)
            {
                error = "invalid_grant";
                return null;
            }

            bool isEarly = request.PolledAt is { } polled && _time.GetElapsedTime(polled) < TimeSpan.FromSeconds(IntervalSeconds);
            request.PolledAt = _time.GetTimestamp();
            error = _time.GetElapsedTime(request.BegunAt) > Life ? "expired_token"
                : request.IsDenied ? "access_denied"
                : request.Subject is not null ? ""
                : isEarly ? "slow_down"
                : "authorization_pending";
            if (error.Length > 0)
            {
                return null;
            }

            // One use.
            _byDevice.Remove(deviceCode);
            return (request.Subject!, request.Groups, request.Scope);
        }
    }

    private void Decide(string userCode, Action<Request> decide)
    {
        lock (_gate)
        {
            decide(_byDevice.Values.FirstOrDefault(request => request.UserCode == userCode) ?? throw new InvalidOperationException($"no device shows {userCode}"));
        }
    }

    private sealed record Request(string Client, string UserCode, string Scope, long BegunAt)
    {
        public string? Subject { get; set; }

        public string[] Groups { get; set; } = [];

        public bool IsDenied { get; set; }

        public long? PolledAt { get; set; }
    }
}
