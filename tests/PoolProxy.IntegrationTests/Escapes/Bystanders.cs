using System.Collections.Concurrent;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>
/// People who keep a pool busy while something is tried there, each asking all the time who they are. An error may happen to them; to be somebody else may not.
/// </summary>
internal sealed class Bystanders : IAsyncDisposable
{
    private const int Count = 8;

    /// <summary>So many are the same person where they shall go behind one another: one identity never follows another.</summary>
    private const int Twins = 4;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<string> _wrong = [];
    private volatile TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _all;

    private Bystanders(Installation here, bool pipelines) =>
        _all = Task.WhenAll(Enumerable.Range(0, Count).Select(number => Task.Run(() => LiveAsync(here, $"bystander{(pipelines ? number / Twins : number)}"))));

    public static Bystanders Start(Installation here, bool pipelines) => new(here, pipelines);

    /// <summary>They begin to ask, or go on.</summary>
    public void Begin() => _begun.TrySetResult();

    /// <summary>They rest, as soon as each is answered: other places need the machine.</summary>
    public void Rest()
    {
        if (_begun.Task.IsCompleted)
        {
            _begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void ExpectUnharmed() => Assert.Empty(_wrong);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Begin();
        await _all;
        _stop.Dispose();
    }

    private async Task LiveAsync(Installation here, string name)
    {
        string expected = $"{here.Readers} {name} {name}";
        const string asks = $"select current_user || ' ' || ({EscapeScene.Claimed}) || ' ' || coalesce(poolproxy.subject(), '(nobody)')";
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using RawClient client = await here.LoginAsync(name);
                for (int i = 0; i < 50 && !_stop.IsCancellationRequested; i++)
                {
                    await _begun.Task;
                    IReadOnlyList<WireMessage> answer = i % 2 == 0
                        ? await client.QueryAsync(asks)
                        : await client.Parse("", asks).Bind("", "").Execute().Sync().RoundTripAsync();
                    foreach (WireMessage message in answer)
                    {
                        if ((message.Name == "DataRow" && message.Values[0] != expected) || message.Name is "NoticeResponse" or "NotificationResponse")
                        {
                            _wrong.Add($"{name} got {message}");
                        }
                    }
                }
            }
            // Attacks may end servers and refuse logins for a moment; what counts is who one is.
            catch (Exception error) when (error is IOException or InvalidOperationException or InvalidDataException or TimeoutException)
            {
                await Task.Delay(20);
            }
        }
    }
}
