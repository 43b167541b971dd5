using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Identity.Keys;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public sealed class IssuerKeysTests : IDisposable
{
    private static readonly KeySet First = Corp.KeysOf(Corp.Rsa.ToJwk());
    private static readonly KeySet Second = Corp.KeysOf(Corp.Rsa.ToJwk(), IssuerKey.Create("ES256", "new").ToJwk());

    private static readonly KeySourceSettings Settings = new(
        Corp.Issuer, null, null, null, false, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(30), TimeSpan.FromHours(24), TimeSpan.FromSeconds(5), 65536);

    private readonly ManualTime _time = new();
    private readonly ScriptedKeySource _source = new();
    private readonly IssuerKeys _keys;

    public IssuerKeysTests() => _keys = new IssuerKeys("corp", Settings, _source, _time, NullLogger.Instance);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public async Task Without_keys_the_first_who_asks_fetches_and_the_others_wait_for_him()
    {
        _source.Answer(First);
        _source.Hold();
        Task<KeySet?>[] asking = [.. Enumerable.Range(0, 50).Select(_ => _keys.GetAsync().AsTask())];
        Assert.All(asking, task => Assert.False(task.IsCompleted));
        _source.LetGo();

        Assert.All(await Task.WhenAll(asking), keys => Assert.Same(First, keys));
        Assert.Equal(1, _source.Fetches);
    }

    [Fact]
    public async Task With_keys_nobody_waits()
    {
        await FetchFirstAsync();

        ValueTask<KeySet?> second = _keys.GetAsync();

        Assert.True(second.IsCompletedSuccessfully);
        Assert.Same(First, await second);
        Assert.Equal(1, _source.Fetches);
    }

    [Fact]
    public async Task A_failing_issuer_is_asked_once_a_second_at_most()
    {
        Assert.Null(await _keys.GetAsync());
        Assert.Null(await _keys.GetAsync());
        Assert.Equal(1, _source.Fetches);

        _time.Advance(TimeSpan.FromSeconds(1));
        _source.Answer(First);

        Assert.Same(First, await _keys.GetAsync());
        Assert.Equal(2, _source.Fetches);
    }

    [Fact]
    public async Task An_unknown_kid_makes_one_fetch_for_all_who_ask()
    {
        await FetchFirstAsync();
        _source.Answer(Second);
        _source.Hold();
        Task<KeySet?>[] asking = [.. Enumerable.Range(0, 50).Select(_ => _keys.GetForUnknownKeyAsync("new", First).AsTask())];
        _source.LetGo();

        Assert.All(await Task.WhenAll(asking), keys => Assert.Same(Second, keys));
        Assert.Equal(2, _source.Fetches);
    }

    [Fact]
    public async Task Unknown_kids_make_one_fetch_in_thirty_seconds()
    {
        await FetchFirstAsync();
        for (int number = 0; number < 100; number++)
        {
            Assert.Same(First, await _keys.GetForUnknownKeyAsync($"guess-{number}", First));
        }

        Assert.Equal(2, _source.Fetches);

        _time.Advance(TimeSpan.FromSeconds(29));
        await _keys.GetForUnknownKeyAsync("guess", First);
        Assert.Equal(2, _source.Fetches);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _keys.GetForUnknownKeyAsync("guess", First);
        Assert.Equal(3, _source.Fetches);
    }

    [Fact]
    public async Task A_kid_that_the_issuer_denied_is_not_asked_for_again_at_the_next_occasion()
    {
        await FetchFirstAsync();
        await _keys.GetForUnknownKeyAsync("guess", First);
        _time.Advance(TimeSpan.FromSeconds(30));
        await _keys.GetForUnknownKeyAsync("guess", First);
        Assert.Equal(2, _source.Fetches);

        _time.Advance(TimeSpan.FromSeconds(30));
        await _keys.GetForUnknownKeyAsync("guess", First);
        Assert.Equal(3, _source.Fetches);
    }

    [Fact]
    public async Task New_keys_clear_what_was_denied()
    {
        await FetchFirstAsync();
        await _keys.GetForUnknownKeyAsync("late", First);
        Assert.Equal(1, _keys.DeniedCount);

        _source.Answer(Second);
        await _keys.RefreshAsync();

        Assert.Equal(0, _keys.DeniedCount);
    }

    [Fact]
    public async Task An_issuer_that_was_down_has_denied_nothing()
    {
        await FetchFirstAsync();
        _source.Fail();
        Assert.Same(First, await _keys.GetForUnknownKeyAsync("new", First));
        _source.Answer(Second);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.Same(Second, await _keys.GetForUnknownKeyAsync("new", First));
    }

    [Fact]
    public async Task Denied_kids_are_bounded()
    {
        await FetchFirstAsync();
        for (int number = 0; number < IssuerKeys.MaxDenied + 10; number++)
        {
            await _keys.GetForUnknownKeyAsync($"guess-{number}", First);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.InRange(_keys.DeniedCount, 1, IssuerKeys.MaxDenied);
    }

    [Fact]
    public async Task Who_comes_behind_anothers_fetch_gets_its_keys_without_one_of_his_own()
    {
        await FetchFirstAsync();
        _source.Answer(Second);
        await _keys.RefreshAsync();

        Assert.Same(Second, await _keys.GetForUnknownKeyAsync("new", First));
        Assert.Equal(2, _source.Fetches);
    }

    [Fact]
    public async Task Keys_are_fetched_again_at_the_interval()
    {
        _source.Answer(First);
        _keys.Start();
        await WaitFor.TrueAsync(() => _keys.Current is not null);
        _source.Answer(Second);

        _time.Advance(TimeSpan.FromMinutes(15));

        await WaitFor.TrueAsync(() => ReferenceEquals(_keys.Current, Second));
    }

    [Fact]
    public async Task The_same_keys_again_keep_the_old_object()
    {
        await FetchFirstAsync();
        _source.Answer(Corp.KeysOf(Corp.Rsa.ToJwk()));
        _time.Advance(TimeSpan.FromMinutes(15));
        await _keys.RefreshAsync();

        Assert.Same(First, _keys.Current);
        Assert.Equal(_time.GetTimestamp(), _keys.Snapshot!.SeenAt);
    }

    [Fact]
    public async Task The_last_keys_serve_while_the_issuer_is_down_up_to_the_ceiling()
    {
        await FetchFirstAsync();
        _source.Fail();
        _time.Advance(Settings.RefreshInterval + Settings.MaxStale - TimeSpan.FromTicks(1));
        await _keys.RefreshAsync();
        Assert.Same(First, _keys.Current);
        Assert.Equal("Down.", _keys.LastFault);

        _time.Advance(TimeSpan.FromTicks(1));

        Assert.Null(_keys.Current);
        Assert.Null(await _keys.GetAsync());
    }

    [Fact]
    public async Task Without_staleness_keys_end_with_the_refresh_interval()
    {
        var source = new ScriptedKeySource();
        source.Answer(First);
        using var keys = new IssuerKeys("corp", Settings with { MaxStale = TimeSpan.Zero }, source, _time, NullLogger.Instance);
        await keys.RefreshAsync();
        source.Fail();
        _time.Advance(Settings.RefreshInterval);

        Assert.Null(await keys.GetAsync());
    }

    [Fact]
    public async Task The_keys_of_a_predecessor_serve_until_the_first_fetch()
    {
        await FetchFirstAsync();
        using var next = new IssuerKeys("corp", Settings, new ScriptedKeySource(), _time, NullLogger.Instance, _keys.Snapshot);

        Assert.Same(First, next.Current);
    }

    [Fact]
    public async Task Whoever_waits_when_the_keys_are_disposed_gets_an_answer_and_the_source_is_freed()
    {
        _source.Hold();
        Task<KeySet?> asking = _keys.GetAsync().AsTask();
        _keys.Dispose();

        Assert.Null(await asking);
        await WaitFor.TrueAsync(() => _source.IsDisposed);
        Assert.Null(await _keys.GetAsync());
    }

    private async Task FetchFirstAsync()
    {
        _source.Answer(First);
        Assert.Same(First, await _keys.GetAsync());
    }
}
