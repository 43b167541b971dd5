using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Notifications;

/// <summary>A client that listens, as its channels see it. On its own loop.</summary>
internal interface INotifiedClient
{
    /// <summary>It stands outside of a transaction and between messages: where PostgreSQL too would pass a notification on.</summary>
    bool MayBeNotified { get; }

    /// <summary>A channel that it waited for is listened on, or cannot be.</summary>
    void ClaimSettled();

    /// <summary>It has missed notifications, or would: it is told so and ends.</summary>
    void EndUnnotified(ProxyError error);
}
