namespace PoolProxy.Core.Loops.Uring;

/// <summary>The sends of a turn: who has something to send at its end, and whose attempts the kernel then has in its hands.</summary>
internal sealed class TurnSends(Loop loop)
{
    private UringSender[] _scheduled = new UringSender[64];
    private UringSender[] _attempting = new UringSender[64];
    private int _scheduledCount;

    /// <summary>Attempts that have not been ended.</summary>
    public int AttemptCount { get; private set; }

    /// <summary>Its <see cref="UringSender.Begin"/> is called before the loop waits next.</summary>
    public void Schedule(UringSender sender) => Append(ref _scheduled, _scheduledCount++, sender);

    /// <summary>Makes the entries of all that was scheduled.</summary>
    public void Begin()
    {
        for (var i = 0; i < _scheduledCount; i++)
        {
            var sender = _scheduled[i];
            _scheduled[i] = null!;
            if (sender.Begin())
            {
                Append(ref _attempting, AttemptCount++, sender);
            }
        }

        _scheduledCount = 0;
    }

    /// <summary>All entries have been submitted, and what the kernel had to say of attempts has been delivered: the others went well.</summary>
    public void EndAttempts()
    {
        for (var i = 0; i < AttemptCount; i++)
        {
            var sender = _attempting[i];
            _attempting[i] = null!;
            try
            {
                sender.EndAttempt();
            }
            catch (Exception exception)
            {
                loop.CountFault(exception);
            }
        }

        AttemptCount = 0;
    }

    private static void Append(ref UringSender[] list, int index, UringSender sender)
    {
        if (index == list.Length)
        {
            Array.Resize(ref list, index * 2);
        }

        list[index] = sender;
    }
}
