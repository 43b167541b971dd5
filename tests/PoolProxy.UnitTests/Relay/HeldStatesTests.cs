using PoolProxy.Core.Relay;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Relay;

/// <summary>Channels among what a client holds: they keep no server, outlive it, and follow its transactions.</summary>
public sealed class HeldStatesTests
{
    private static readonly SessionStep Listen = new(SessionStepKind.Listen, CommandTagKind.Listen, "a");

    [Fact]
    public void A_channel_keeps_no_server_and_is_left_when_it_is_gone()
    {
        HeldStates held = HeldStates.None.After(Listen, makes: true);
        Assert.False(held.HoldsServer);
        HeldStates more = held.With(HeldKind.Temporary, "t");
        Assert.True(more.HoldsServer);
        Assert.Equal("temporary object", more.Describe());
        Assert.Equal(["a"], more.WithoutServer.Channels);
        Assert.False(more.WithoutServer.HoldsServer);
    }

    [Fact]
    public void UNLISTEN_takes_one_or_all_of_them()
    {
        HeldStates held = HeldStates.None.With(HeldKind.Channel, "a").With(HeldKind.Channel, "b").With(HeldKind.Cursor, "a");
        Assert.Equal(["b"], held.After(new SessionStep(SessionStepKind.Unlisten, CommandTagKind.Unlisten, "a"), makes: true).Channels);
        HeldStates none = held.After(new SessionStep(SessionStepKind.UnlistenAll, CommandTagKind.Unlisten), makes: true);
        Assert.Empty(none.Channels);
        Assert.True(none.HoldsServer);
    }

    [Fact]
    public void A_rollback_brings_back_what_was_listened_on()
    {
        HeldStates before = HeldStates.None.With(HeldKind.Channel, "a");
        HeldStates within = before.Without(HeldKind.Channel).With(HeldKind.Channel, "b").With(HeldKind.AdvisoryLock, "");
        HeldStates after = before.AfterRollbackOf(within);
        Assert.Equal(["a"], after.Channels);
        Assert.True(after.HoldsServer);
    }

    [Fact]
    public void Names_of_channels_are_told_apart_beyond_the_bound_of_other_names()
    {
        HeldStates held = HeldStates.None;
        for (int i = 0; i < 600; i++)
            held = held.With(HeldKind.Channel, $"c{i}");
        Assert.Equal(600, held.Channels.Count);
        Assert.Same(HeldStates.None, held.Without(HeldKind.Channel));
    }
}
