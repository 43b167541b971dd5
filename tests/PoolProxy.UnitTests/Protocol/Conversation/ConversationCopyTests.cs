using PoolProxy.Protocol.Conversation;
using Xunit;
using Subject = PoolProxy.Protocol.Conversation.Conversation;

namespace PoolProxy.UnitTests.Protocol.Conversation;

/// <summary>COPY, as PostgreSQL 15 was seen to answer it on the wire.</summary>
public sealed class ConversationCopyTests
{
    private readonly Subject _subject = new();

    [Fact]
    public void COPY_by_Query_waits_for_data_until_CopyDone()
    {
        Say(">Q <G");
        Assert.True(_subject.IsCopyIn);
        Say(">c");
        Assert.False(_subject.IsCopyIn);
        Say("<C <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_Sync_sent_before_CopyInResponse_comes_is_ignored_by_the_server()
    {
        Say(">P >B >E >S <1 <2 <G >c >S <C");
        Assert.Equal(1, _subject.Count);
        Say("<Z");
        Assert.True(_subject.IsQuiet);
        Assert.False(_subject.IsUncertain);
    }

    [Fact]
    public void A_Sync_sent_while_the_server_reads_data_is_ignored()
    {
        Say(">E <G >S >S >c >S <C <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void Data_its_end_and_Sync_may_all_be_sent_ahead()
    {
        Say(">E >c >S >E >S <G");
        Assert.False(_subject.IsCopyIn);
        Say("<C <Z <C <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_COPY_that_was_refused_leaves_its_CopyDone_without_meaning()
    {
        Say(">Q >c >Q <E <Z <C <Z");
        Assert.True(_subject.IsQuiet);
        Say(">E >c >S <E <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_stray_CopyDone_is_owed_nothing()
    {
        Say(">c >S");
        Assert.Equal(1, _subject.Count);
        Say("<Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void One_Query_may_hold_two_COPYs()
    {
        Say(">Q >c >S >c >Q <G <C <G <C <T <D <C <Z <C <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_Sync_between_two_ends_is_answered_when_there_was_only_one_COPY()
    {
        Say(">Q >c >S >c <G <C <Z <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void COPY_that_fails_in_extended_protocol_skips_to_the_Sync_behind_its_end()
    {
        Say(">E <G >c >S <E");
        Assert.False(_subject.AwaitsSync);
        Say("<Z");
        Assert.True(_subject.IsQuiet);
        Assert.False(_subject.IsUncertain);
    }

    [Fact]
    public void COPY_that_fails_before_its_end_was_sent_awaits_a_Sync()
    {
        Say(">E <G <E");
        Assert.False(_subject.IsCopyIn);
        Assert.True(_subject.AwaitsSync);
        Say(">c >S <Z");
        Assert.True(_subject.IsQuiet);
    }

    /// <summary>
    /// The same messages were answered by one ReadyForQuery when a row was bad, and by two when a trigger failed before
    /// the first row was read: so nobody can tell when the server is done, until it completes something that came later.
    /// </summary>
    [Theory]
    [InlineData(">E >S <G >c >S <E <Z")]
    [InlineData(">E >S <G >c >S <E <Z <Z")]
    [InlineData(">E <G >S <E <Z")]
    [InlineData(">Q <G >S <E <Z <Z")]
    public void A_COPY_that_fails_after_an_early_Sync_leaves_the_server_uncertain_until_something_later_completes(string talk)
    {
        Say(talk);
        Assert.True(_subject.IsUncertain);
        Assert.False(_subject.IsQuiet);
        Assert.True(_subject.IsAnswered);
        Say(">Q <E <Z");
        Assert.True(_subject.IsUncertain);
        Assert.True(_subject.IsAnswered);
        Say(">Q <C <Z");
        Assert.False(_subject.IsUncertain);
        Assert.True(_subject.IsQuiet);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(">P", true)]
    [InlineData(">P <1", true)]
    [InlineData(">P <E", true)]
    [InlineData(">P >S", false)]
    [InlineData(">P <1 >S <Z", false)]
    [InlineData(">P >Q", false)]
    public void What_no_Sync_or_Query_has_ended_is_the_middle_of_a_batch(string talk, bool expected)
    {
        Say(talk);
        Assert.Equal(expected, _subject.IsMidBatch);
    }

    [Fact]
    public void An_early_Sync_that_a_successful_COPY_has_read_leaves_no_doubt_behind()
    {
        Say(">Q >S >c >c <G <C <G <E <Z");
        Assert.False(_subject.IsUncertain);
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_statement_sent_into_COPY_ends_it_with_an_error()
    {
        Say(">E <G >P >S");
        Assert.False(_subject.IsCopyIn);
        Say("<E");
        Assert.Equal(1, _subject.Count);
        Say("<E"); // FATAL: protocol synchronization was lost
    }

    [Fact]
    public void Made_answers_are_no_part_of_what_the_COPY_reads()
    {
        _subject.Expect(OwedKind.Execute, OwedOrigin.Client);
        _subject.Expect(OwedKind.Close, OwedOrigin.Made);
        Say(">S <G");
        Assert.True(_subject.IsCopyIn);
        _subject.Expect(OwedKind.Parse, OwedOrigin.Made);
        Assert.True(_subject.IsCopyIn);
        Assert.False(_subject.TryTakeMade(out _));
        Say(">c >S <C");
        Assert.True(_subject.TryTakeMade(out _));
        Assert.True(_subject.TryTakeMade(out _));
        Say("<Z");
        Assert.True(_subject.IsQuiet);
    }

    [Theory]
    [InlineData(">E <G <C")]
    [InlineData(">E <G <G")]
    [InlineData(">Q <G >c <Z")]
    [InlineData(">E <G >P <C")]
    public void A_server_that_ends_COPY_without_having_read_its_end_is_unexpected(string talk)
    {
        Say(talk[..^3]);
        Assert.Equal(Disposition.Unexpected, _subject.Receive((byte)talk[^1], (byte)'I').Disposition);
    }

    [Fact]
    public void Any_number_of_Syncs_sent_ahead_is_ignored_and_what_the_proxy_answers_stays_among_them()
    {
        const int Syncs = 900;
        Say(">E");
        for (int sync = 0; sync < Syncs; sync++)
        {
            Say(">S");
            if (sync % 100 == 0)
                Say(">m");
        }

        Say(">c >S <G <C");
        for (int made = 0; made < Syncs / 100; made++)
        {
            Assert.True(_subject.TryTakeMade(out _));
        }

        Assert.False(_subject.TryTakeMade(out _));
        Assert.Equal(1, _subject.Count);
        Say("<Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void COPY_to_the_client_belongs_to_its_Execute_until_CommandComplete()
    {
        Say(">E >S <H <d <d <c");
        Assert.Equal(2, _subject.Count);
        Say("<C <Z");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void Replication_streams_both_ways_until_both_are_done()
    {
        Say(">Q <W <d <d >c <c <C <C <Z");
        Assert.True(_subject.IsQuiet);
    }

    /// <summary>A talk: <c>&gt;</c> is sent to the server, <c>&lt;</c> comes back and must be expected.</summary>
    private void Say(string talk)
    {
        foreach (string word in talk.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[0] == '<')
            {
                Assert.NotEqual(Disposition.Unexpected, _subject.Receive((byte)word[1], (byte)'I').Disposition);
                while (_subject.TryTakeSkipped(out _))
                {
                }

                continue;
            }

            _subject.Expect(
                word[1] switch
                {
                    'P' or 'm' => OwedKind.Parse,
                    'B' => OwedKind.Bind,
                    'E' => OwedKind.Execute,
                    'S' => OwedKind.Sync,
                    'Q' => OwedKind.Query,
                    'c' => OwedKind.CopyEnd,
                    _ => throw new ArgumentException(word),
                },
                word[1] == 'm' ? OwedOrigin.Made : OwedOrigin.Client);
        }
    }
}
