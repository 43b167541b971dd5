using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Conversation;
using Xunit;
using Subject = PoolProxy.Protocol.Conversation.Conversation;

namespace PoolProxy.UnitTests.Protocol.Conversation;

/// <summary>Random pipelines against <see cref="ModelServer"/>: both must tell the same story.</summary>
public sealed class ConversationModelTests
{
    [Fact]
    public void Any_pipeline_with_any_errors_is_attributed_as_the_server_means_it() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(120),
            Prop.ForAll(Scenarios, steps => new Run().Play(steps)));

    private static Arbitrary<ModelStep[]> Scenarios => Arb.From(Steps, Shrink);

    private static Gen<ModelStep[]> Steps => Step.ArrayOf();

    private static Gen<ModelStep> Step =>
        Gen.Frequency(
            (10, from message in Message from bends in Gen.Choose(0, 9) select new ModelStep(ModelAction.Send, message, bends < 8)),
            (7, Gen.Constant(new ModelStep(ModelAction.ServerStep, null, false))),
            (12, Gen.Constant(new ModelStep(ModelAction.Deliver, null, false))),
            (1, Gen.Constant(new ModelStep(ModelAction.Tell, null, false))),
            (1, Gen.Constant(new ModelStep(ModelAction.FailInCopy, null, false))));

    private static Gen<ModelMessage> Message =>
        from kind in Gen.Frequency(
            (14, Gen.Elements(Enum.GetValues<ModelKind>())),
            (3, Gen.Constant(ModelKind.Execute)),
            (4, Gen.Constant(ModelKind.Sync)),
            (2, Gen.Constant(ModelKind.CopyDone)))
        from origin in Gen.Frequency((6, Gen.Constant(OwedOrigin.Client)), (2, Gen.Constant(OwedOrigin.Proxy)), (2, Gen.Constant(OwedOrigin.Made)))
        from results in Gen.Frequency(
            (6, Gen.Constant(ModelResult.Rows)),
            (2, Gen.Constant(ModelResult.CopyIn)),
            (1, Gen.Constant(ModelResult.Error)),
            (3, Gen.Elements(Enum.GetValues<ModelResult>()))).ArrayOf().Resize(3)
        from status in Gen.Elements("ITE"u8.ToArray())
        select new ModelMessage(kind, kind < ModelKind.Sync ? origin : origin == OwedOrigin.Made ? OwedOrigin.Client : origin, results, status);

    private static IEnumerable<ModelStep[]> Shrink(ModelStep[] steps)
    {
        for (int size = steps.Length / 2; size > 0; size /= 2)
        {
            for (int start = 0; start + size <= steps.Length; start += size)
                yield return [.. steps[..start], .. steps[(start + size)..]];
        }
    }

    private enum ModelAction
    {
        Send,
        ServerStep,
        Deliver,
        Tell,
        FailInCopy,
    }

    /// <param name="Bends">Whether a message that has no place in COPY becomes CopyData while the server is in COPY.</param>
    private sealed record ModelStep(ModelAction Action, ModelMessage? Message, bool Bends)
    {
        public override string ToString() => $"{Action} {Message} {(Bends ? "~" : "")}";
    }

    private sealed class Run
    {
        private readonly Subject _subject = new();
        private readonly ModelServer _server = new();
        private readonly List<ModelMessage> _sent = [];
        private readonly List<(int Id, ModelFate Fate)> _fates = [];

        public void Play(ModelStep[] steps)
        {
            foreach (ModelStep step in steps)
            {
                switch (step.Action)
                {
                    case ModelAction.Send: Send(step.Message!, step.Bends); break;
                    case ModelAction.ServerStep: _server.Step(); break;
                    case ModelAction.Deliver: Deliver(); break;
                    case ModelAction.Tell: _server.Tell("NSA"[_sent.Count % 3]); break;
                    case ModelAction.FailInCopy: _server.FailInCopy(); break;
                }

                if (_subject.IsUncertain)
                {
                    Assert.False(_subject.IsQuiet);
                    return;
                }
            }

            while (_server.HasInput && !_server.IsDead)
                _server.Step();
            while (_server.Output.Count != 0 && !_subject.IsUncertain)
                Deliver();
            if (!_subject.IsUncertain && !_server.IsDead)
                CheckEnd();
        }

        private void Send(ModelMessage message, bool bends)
        {
            if (bends && _server.IsInCopy && message.Origin != OwedOrigin.Made && (message.IsExtended || message.Kind is ModelKind.Query or ModelKind.FunctionCall))
                message = message with { Kind = ModelKind.CopyData, Origin = OwedOrigin.Client };
            message = message with { Id = _sent.Count };
            _sent.Add(message);
            _server.Send(message);
            if (message.HasEntry)
                _subject.Expect(message.EntryKind, message.Origin, message.Id);
            Take();
        }

        private void Deliver()
        {
            if (!_server.Output.TryDequeue(out (char Type, byte Status, int Owner) message))
                return;
            Received received = _subject.Receive((byte)message.Type, message.Status);
            Assert.NotEqual(Disposition.Unexpected, received.Disposition);
            if (message.Owner < 0)
            {
                Assert.False(received.Completed);
            }
            else
            {
                ModelMessage owner = _sent[message.Owner];
                Assert.Equal(new Owed(owner.EntryKind, owner.Origin, owner.Id), received.Owed);
                Assert.Equal(owner.Origin == OwedOrigin.Client ? Disposition.Forward : Disposition.Swallow, received.Disposition);
                if (message.Type == 'Z')
                    Assert.Equal(message.Status, (byte)_subject.Status);
                if (received.Completed)
                    _fates.Add((owner.Id, message.Type == 'E' ? ModelFate.Failed : ModelFate.Answered));
            }

            Take();
        }

        private void Take()
        {
            while (_subject.TryTakeSkipped(out Owed skipped))
                _fates.Add((skipped.Tag, ModelFate.Skipped));
            while (_subject.TryTakeMade(out Owed made))
                _fates.Add((made.Tag, ModelFate.Made));
        }

        private void CheckEnd()
        {
            Assert.Equal(_server.Fates, _fates);
            Assert.Equal(_server.Status, (byte)_subject.Status);
            Assert.Equal(_server.IgnoresTillSync, _subject.AwaitsSync);
            Assert.Equal(_server.IsInCopy, _subject.IsCopyIn);
            Assert.Equal(_server.IsBatchOpen, _subject.IsBatchOpen);
            bool isQuiet = !_server.IgnoresTillSync && !_server.IsInCopy && !_server.IsBatchOpen;
            Assert.Equal(isQuiet, _subject.IsQuiet);
            if (isQuiet)
                Assert.Equal(0, _subject.Count);
        }
    }
}
