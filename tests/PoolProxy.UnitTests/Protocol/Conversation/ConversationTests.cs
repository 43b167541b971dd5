using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Testing;
using Xunit;
using Subject = PoolProxy.Protocol.Conversation.Conversation;

namespace PoolProxy.UnitTests.Protocol.Conversation;

public sealed class ConversationTests
{
    private readonly Subject _subject = new();

    [Fact]
    public void A_new_conversation_is_quiet_and_idle()
    {
        Assert.True(_subject.IsQuiet);
        Assert.Equal(TransactionStatus.Idle, _subject.Status);
    }

    [Fact]
    public void A_Query_ends_at_its_ReadyForQuery()
    {
        Expect(OwedKind.Query);
        Assert.All("TDDCICZ"[..6], type => Assert.False(Receive(type).Completed));
        Assert.True(Receive('Z', 'T').Completed);
        Assert.True(_subject.IsQuiet);
        Assert.Equal(TransactionStatus.InTransaction, _subject.Status);
    }

    [Fact]
    public void Each_answer_completes_the_oldest_extended_message()
    {
        Expect(OwedKind.Parse, OwedKind.Bind, OwedKind.DescribePortal, OwedKind.Execute, OwedKind.Sync);
        Assert.Equal(
            [OwedKind.Parse, OwedKind.Bind, OwedKind.DescribePortal, OwedKind.Execute, OwedKind.Execute, OwedKind.Sync],
            "12TDCZ".Select(type => Receive(type).Owed.Kind));
        Assert.True(_subject.IsQuiet);
    }

    [Theory]
    [InlineData("tT")]
    [InlineData("tn")]
    public void Describe_of_a_statement_has_an_answer_of_two_messages(string answer)
    {
        Expect(OwedKind.DescribeStatement);
        Assert.False(Receive(answer[0]).Completed);
        Assert.True(Receive(answer[1]).Completed);
    }

    [Theory]
    [InlineData("T")]
    [InlineData("n")]
    [InlineData("tt")]
    public void Describe_of_a_statement_answered_otherwise_is_unexpected(string answer)
    {
        Expect(OwedKind.DescribeStatement);
        Assert.Equal(Disposition.Unexpected, answer.Select(type => Receive(type).Disposition).ToArray()[^1]);
    }

    [Theory]
    [InlineData('C')]
    [InlineData('I')]
    [InlineData('s')]
    public void Three_messages_can_complete_an_Execute(char type)
    {
        Expect(OwedKind.Execute);
        Assert.True(Receive(type).Completed);
    }

    [Fact]
    public void What_was_answered_without_a_Sync_leaves_the_server_busy()
    {
        Expect(OwedKind.Parse, OwedKind.DescribeStatement); // and a Flush
        Receive("1tn");
        Assert.Equal(0, _subject.Count);
        Assert.True(_subject.IsBatchOpen);
        Assert.False(_subject.IsQuiet);
        Expect(OwedKind.Sync);
        Receive('Z');
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void After_an_error_everything_to_the_Sync_is_skipped_in_order_and_nothing_behind_it()
    {
        Expect(OwedKind.Parse, OwedKind.Bind, OwedKind.Query, OwedKind.Execute, OwedKind.Sync, OwedKind.Parse);
        Receive('1');
        Received error = Receive('E');
        Assert.True(error.Completed);
        Assert.Equal(OwedKind.Bind, error.Owed.Kind);
        Assert.Equal([OwedKind.Query, OwedKind.Execute], Skipped());
        Assert.False(_subject.AwaitsSync);
        Assert.Equal(OwedKind.Sync, Receive('Z').Owed.Kind);
        Assert.Equal(OwedKind.Parse, Receive('1').Owed.Kind);
    }

    [Fact]
    public void After_an_error_what_comes_later_is_skipped_too_until_a_Sync_comes()
    {
        Expect(OwedKind.Parse);
        Receive('E');
        Assert.True(_subject.AwaitsSync);
        Assert.False(_subject.IsQuiet);
        Expect(OwedKind.Bind, OwedKind.CopyEnd, OwedKind.Query);
        _subject.Expect(OwedKind.Close, OwedOrigin.Made);
        Assert.False(_subject.TryTakeMade(out _));
        Assert.Equal([OwedKind.Bind, OwedKind.Query, OwedKind.Close], Skipped());
        Expect(OwedKind.Sync);
        Assert.False(_subject.AwaitsSync);
        Assert.Empty(Skipped());
        Receive('Z');
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void An_error_at_Sync_itself_skips_nothing()
    {
        Expect(OwedKind.Execute, OwedKind.Sync, OwedKind.Parse);
        Receive('C');
        Received error = Receive('E'); // a deferred constraint
        Assert.Equal((OwedKind.Sync, false), (error.Owed.Kind, error.Completed));
        Assert.Empty(Skipped());
        Receive("Z1");
        Assert.Equal(0, _subject.Count);
    }

    [Fact]
    public void An_error_in_a_Query_or_FunctionCall_skips_nothing()
    {
        Expect(OwedKind.Query, OwedKind.FunctionCall, OwedKind.Query);
        Receive("EZEZCZ");
        Assert.Empty(Skipped());
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_FunctionCall_is_answered_by_its_response_and_ReadyForQuery()
    {
        Expect(OwedKind.FunctionCall);
        Receive("VZ");
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_made_answer_waits_for_its_place()
    {
        Expect(OwedKind.Bind);
        _subject.Expect(OwedKind.Parse, OwedOrigin.Made, 7);
        Expect(OwedKind.Execute);
        Assert.False(_subject.TryTakeMade(out _));
        Receive('2');
        Assert.True(_subject.TryTakeMade(out Owed made));
        Assert.Equal(new Owed(OwedKind.Parse, OwedOrigin.Made, 7), made);
        Assert.True(Receive('C').Completed);
    }

    [Fact]
    public void A_made_answer_that_stands_first_is_due_at_once_and_opens_no_batch()
    {
        _subject.Expect(OwedKind.Close, OwedOrigin.Made);
        Assert.True(_subject.TryTakeMade(out _));
        Assert.True(_subject.IsQuiet);
    }

    [Fact]
    public void A_made_entry_left_at_the_head_never_takes_an_answer_of_the_server()
    {
        _subject.Expect(OwedKind.Parse, OwedOrigin.Made);
        Assert.Equal(Disposition.Unexpected, Receive('1').Disposition);
    }

    [Fact]
    public void The_answers_to_the_proxy_are_swallowed_with_all_that_comes_among_them()
    {
        _subject.Expect(OwedKind.Query, OwedOrigin.Proxy);
        Expect(OwedKind.Query);
        Assert.All("CNSCSZ", type => Assert.Equal(Disposition.Swallow, Receive(type).Disposition));
        Assert.All("NSTDCZ", type => Assert.Equal(Disposition.Forward, Receive(type).Disposition));
    }

    [Fact]
    public void A_prelude_that_fails_takes_the_clients_statement_with_it()
    {
        foreach (OwedKind kind in (OwedKind[])[OwedKind.Parse, OwedKind.Bind, OwedKind.Execute, OwedKind.Query])
            _subject.Expect(kind, OwedOrigin.Proxy);
        Expect(OwedKind.Query);
        Receive("12");
        Assert.Equal(Disposition.Swallow, Receive('E').Disposition);
        Assert.Equal([OwedKind.Query, OwedKind.Query], Skipped());
        Assert.True(_subject.AwaitsSync);
    }

    [Theory]
    [InlineData('N')]
    [InlineData('S')]
    [InlineData('A')]
    [InlineData('E')]
    public void When_nothing_is_owed_these_are_still_forwarded(char type) =>
        Assert.Equal(new Received(Disposition.Forward, false, default), Receive(type));

    [Fact]
    public void Every_other_message_is_unexpected_when_nothing_is_owed()
    {
        for (int type = 0; type < 256; type++)
        {
            if (!"NSAE".Contains((char)type))
                Assert.Equal(Disposition.Unexpected, _subject.Receive((byte)type, (byte)'I').Disposition);
        }

        Assert.True(_subject.IsQuiet);
    }

    [Theory]
    [InlineData(OwedKind.Parse, "1")]
    [InlineData(OwedKind.Bind, "2")]
    [InlineData(OwedKind.Close, "3")]
    [InlineData(OwedKind.DescribeStatement, "t")]
    [InlineData(OwedKind.DescribePortal, "Tn")]
    [InlineData(OwedKind.Execute, "DCIsGHWdc")]
    [InlineData(OwedKind.Sync, "Z")]
    [InlineData(OwedKind.Query, "TDCIGHWdcZ")]
    [InlineData(OwedKind.FunctionCall, "VZ")]
    public void Only_the_messages_of_its_own_answer_are_accepted(OwedKind kind, string own)
    {
        for (int type = 0; type < 256; type++)
        {
            var subject = new Subject();
            subject.Expect(kind, OwedOrigin.Client);
            bool isExpected = (own + "NSAE").Contains((char)type);
            Assert.Equal(isExpected ? Disposition.Forward : Disposition.Unexpected, subject.Receive((byte)type, (byte)'I').Disposition);
        }
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('X')]
    [InlineData('i')]
    public void ReadyForQuery_with_a_status_that_does_not_exist_is_unexpected(char status)
    {
        Expect(OwedKind.Sync);
        Assert.Equal(Disposition.Unexpected, Receive('Z', status).Disposition);
    }

    [Fact]
    public void The_bound_is_announced_and_the_headroom_behind_it_ends()
    {
        var subject = new Subject(bound: 2);
        subject.Expect(OwedKind.Parse, OwedOrigin.Client);
        Assert.False(subject.IsFull);
        subject.Expect(OwedKind.Parse, OwedOrigin.Client);
        Assert.True(subject.IsFull);
        for (int i = 0; i < Subject.Headroom; i++)
            subject.Expect(OwedKind.Bind, OwedOrigin.Proxy);
        Assert.Throws<InvalidOperationException>(() => subject.Expect(OwedKind.Sync, OwedOrigin.Client));
    }

    [Fact]
    public void Reset_forgets_everything()
    {
        Expect(OwedKind.Query);
        Receive('Z', 'E');
        Expect(OwedKind.Execute, OwedKind.Sync);
        Receive("GE");
        _subject.Reset();
        Assert.True(_subject.IsQuiet);
        Assert.False(_subject.IsUncertain);
        Assert.Equal(TransactionStatus.Idle, _subject.Status);
    }

    [Fact]
    public void A_warm_conversation_allocates_nothing()
    {
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
                Transact();
        }));

        void Transact()
        {
            for (int i = 0; i < 40; i++)
            {
                _subject.Expect(OwedKind.Bind, OwedOrigin.Client);
                _subject.Expect(OwedKind.Execute, OwedOrigin.Client);
            }

            _subject.Expect(OwedKind.Sync, OwedOrigin.Client);
            for (int i = 0; i < 40; i++)
            {
                _subject.Receive((byte)'2');
                _subject.Receive((byte)'D');
                _subject.Receive((byte)'C');
                _subject.TryTakeSkipped(out _);
                _subject.TryTakeMade(out _);
            }

            _subject.Receive((byte)'Z', (byte)'I');
        }
    }

    private void Expect(params OwedKind[] kinds)
    {
        foreach (OwedKind kind in kinds)
            _subject.Expect(kind, OwedOrigin.Client);
    }

    private Received Receive(char type, char status = 'I') => _subject.Receive((byte)type, (byte)status);

    private void Receive(string types)
    {
        foreach (char type in types)
            Assert.NotEqual(Disposition.Unexpected, Receive(type).Disposition);
    }

    private List<OwedKind> Skipped()
    {
        List<OwedKind> kinds = [];
        while (_subject.TryTakeSkipped(out Owed skipped))
            kinds.Add(skipped.Kind);
        return kinds;
    }
}
