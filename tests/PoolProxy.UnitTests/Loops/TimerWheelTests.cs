using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Core.Loops;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

public sealed class TimerWheelTests
{
    private const long Start = 1_000_000;

    private readonly List<Exception> _faults = [];
    private readonly TimerWheel _wheel;

    public TimerWheelTests() => _wheel = new TimerWheel(Start, _faults.Add);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(500)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(32_768)]
    [InlineData(120_000)]
    [InlineData(3_600_000)]
    [InlineData(200_000_000)]
    [InlineData(4_000_000_000)]
    public void A_deadline_is_met_within_one_tick_and_never_early(long delay)
    {
        var timer = new RecordingTimer();
        _wheel.Arm(timer, Start + delay);

        var now = Start;
        while (timer.Fired.Count == 0)
        {
            var sleep = _wheel.MillisecondsToNext(now);
            Assert.InRange(sleep, 0, delay + TimerWheel.TickMilliseconds);
            now += Math.Max(1, sleep);
            _wheel.Advance(now);
        }

        Assert.InRange(timer.Fired.Single(), Start + delay, Start + delay + TimerWheel.TickMilliseconds - 1);
        Assert.Equal(0, _wheel.Count);
        Assert.Equal(-1, _wheel.MillisecondsToNext(now));
    }

    [Fact]
    public void A_deadline_in_the_past_is_met_at_the_next_tick_and_not_inside_Arm()
    {
        var timer = new RecordingTimer();
        _wheel.Arm(timer, Start - 500);
        Assert.Empty(timer.Fired);

        _wheel.Advance(Start + TimerWheel.TickMilliseconds);

        Assert.Single(timer.Fired);
    }

    [Fact]
    public void Moving_a_deadline_later_writes_a_field_only_and_holds()
    {
        var timer = new RecordingTimer();
        _wheel.Arm(timer, Start + 100);
        var slot = timer.Slot;
        _wheel.Arm(timer, Start + 10_000);
        Assert.Equal(slot, timer.Slot);

        _wheel.Advance(Start + 9_999);
        Assert.Empty(timer.Fired);
        Assert.True(timer.IsArmed);

        _wheel.Advance(Start + 10_008);
        Assert.Single(timer.Fired);
    }

    [Fact]
    public void Moving_a_deadline_earlier_holds()
    {
        var timer = new RecordingTimer();
        _wheel.Arm(timer, Start + 100_000);
        _wheel.Arm(timer, Start + 20);

        _wheel.Advance(Start + 32);

        Assert.Single(timer.Fired);
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_disarmed_timer_stays_silent_and_may_be_armed_again()
    {
        var timer = new RecordingTimer();
        _wheel.Arm(timer, Start + 100);
        _wheel.Disarm(timer);
        _wheel.Disarm(timer);
        _wheel.Advance(Start + 1000);
        Assert.Empty(timer.Fired);
        Assert.Equal(0, _wheel.Count);

        _wheel.Arm(timer, Start + 1100);
        _wheel.Advance(Start + 1200);
        Assert.Single(timer.Fired);
    }

    [Fact]
    public void A_callback_may_arm_its_own_timer_again_and_disarm_a_neighbour_that_is_due_too()
    {
        var neighbour = new RecordingTimer();
        var first = new RecordingTimer();
        first.Then = now =>
        {
            _wheel.Disarm(neighbour);
            if (first.Fired.Count == 1)
            {
                _wheel.Arm(first, now + 100);
            }
        };
        _wheel.Arm(neighbour, Start + 50);
        _wheel.Arm(first, Start + 50);

        _wheel.Advance(Start + 60);
        _wheel.Advance(Start + 200);

        Assert.Equal(2, first.Fired.Count);
        Assert.Empty(neighbour.Fired);
    }

    [Fact]
    public void A_timer_that_throws_does_not_hold_up_the_others()
    {
        var others = Enumerable.Range(0, 5).Select(_ => new RecordingTimer()).ToList();
        others[2].Then = _ => throw new InvalidOperationException("mine");
        others.ForEach(timer => _wheel.Arm(timer, Start + 50));

        _wheel.Advance(Start + 60);

        Assert.All(others, timer => Assert.Single(timer.Fired));
        Assert.Equal("mine", Assert.Single(_faults).Message);
    }

    [Fact]
    public void Arming_moving_and_meeting_deadlines_allocates_nothing()
    {
        var timers = Enumerable.Range(0, 100).Select(_ => new QuietTimer()).ToArray();
        var now = Start;
        Assert.Equal(0, Allocations.Of(Round));

        void Round()
        {
            for (var i = 0; i < 10_000; i++)
            {
                var timer = timers[i % timers.Length];
                _wheel.Arm(timer, now + (i * 7 % 5000));
                if (i % 3 == 0)
                {
                    _wheel.Disarm(timers[i * 31 % timers.Length]);
                }

                now += 3;
                _wheel.Advance(now);
            }
        }
    }

    [Fact]
    public void Any_schedule_behaves_like_a_list_that_is_searched_at_each_step()
    {
        var step =
            from kind in Gen.Choose(0, 3)
            from timer in Gen.Choose(0, 7)
            from amount in Gen.OneOf(Gen.Choose(-20, 40), Gen.Choose(0, 2_000), Gen.Choose(0, 100_000), Gen.Choose(0, 300_000_000))
            select (kind, timer, amount);
        Prop.ForAll(Gen.ListOf(step).ToArbitrary(), steps => Behaves(steps)).QuickCheckThrowOnFailure();
    }

    private static bool Behaves(IEnumerable<(int Kind, int Timer, int Amount)> steps)
    {
        var wheel = new TimerWheel(Start, static exception => throw exception);
        var timers = Enumerable.Range(0, 8).Select(_ => new RecordingTimer()).ToArray();

        // The tick by which each must be met: that of its time, rounded up, but the next one at the earliest. One that was moved later may be met
        // a little before that tick, when its old slot comes up, but never before its time.
        var due = new long?[8];
        var times = new long[8];
        var now = Start;
        foreach (var (kind, index, amount) in steps)
        {
            switch (kind)
            {
                case 0 or 1:
                    wheel.Arm(timers[index], now + amount);
                    times[index] = now + amount;
                    due[index] = Math.Max(RoundUp(now + amount), (now / TimerWheel.TickMilliseconds) + 1);
                    break;
                case 2:
                    wheel.Disarm(timers[index]);
                    due[index] = null;
                    break;
                default:
                    now += Math.Max(0, amount);
                    if (!Meets(now))
                    {
                        return false;
                    }

                    break;
            }

            if (wheel.Count != due.Count(tick => tick is not null))
            {
                return false;
            }
        }

        while (wheel.Count > 0)
        {
            now += Math.Max(1, wheel.MillisecondsToNext(now));
            if (!Meets(now))
            {
                return false;
            }
        }

        return due.All(tick => tick is null);

        bool Meets(long time)
        {
            wheel.Advance(time);
            for (var i = 0; i < due.Length; i++)
            {
                var isDue = due[i] <= time / TimerWheel.TickMilliseconds;
                var mayBeMet = due[i] is not null && times[i] <= time;
                var count = timers[i].Fired.Count;
                if (count > 1 || (isDue && count == 0) || (count == 1 && !mayBeMet))
                {
                    return false;
                }

                timers[i].Fired.Clear();
                due[i] = count == 1 ? null : due[i];
            }

            return true;
        }

        static long RoundUp(long milliseconds) => (milliseconds + TimerWheel.TickMilliseconds - 1) / TimerWheel.TickMilliseconds;
    }

    private sealed class RecordingTimer : TimerNode
    {
        public List<long> Fired { get; } = [];

        public Action<long>? Then { get; set; }

        protected internal override void OnDue(long nowMilliseconds)
        {
            Fired.Add(nowMilliseconds);
            Then?.Invoke(nowMilliseconds);
        }
    }

    private sealed class QuietTimer : TimerNode
    {
        protected internal override void OnDue(long nowMilliseconds)
        {
        }
    }
}
