namespace LoginPortal.Core.Data;

/// <summary>
/// Lets those who ask the same at the same time have one answer between them. Nobody is given the answer to a question that had been asked before they came:
/// while one is under way, those who come are answered by the next.
/// </summary>
/// <typeparam name="TQuestion">What is asked; equal ones are the same.</typeparam>
/// <typeparam name="TAnswer">What is answered.</typeparam>
/// <param name="ask">Asks. Nobody can give up one that others wait for.</param>
/// <param name="time">Tells how long one is under way.</param>
internal sealed class SharedAnswers<TQuestion, TAnswer>(Func<TQuestion, Task<TAnswer>> ask, TimeProvider time)
    where TQuestion : notnull
{
    /// <summary>Whoever comes when one has been under way for this long does not wait behind it, and asks alone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Dictionary<TQuestion, Turn> _turns = [];

    /// <summary>Asks, or waits for the answer that another asks for.</summary>
    public Task<TAnswer> AskAsync(TQuestion question)
    {
        Turn? turn = null;
        lock (_lock)
        {
            if (!_turns.TryGetValue(question, out var present))
            {
                _turns.Add(question, turn = new Turn { Began = time.GetTimestamp() });
            }
            else if (time.GetElapsedTime(present.Began) < Patience)
            {
                return (present.Next ??= new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }

        return turn is null ? ask(question) : LeadAsync(question, turn);
    }

    /// <summary>Whoever comes first asks at once, and is answered without waiting for others.</summary>
    private async Task<TAnswer> LeadAsync(TQuestion question, Turn turn)
    {
        try
        {
            return await ask(question);
        }
        finally
        {
            GoOn(question, turn);
        }
    }

    private async Task ServeAsync(TQuestion question, Turn turn, TaskCompletionSource<TAnswer> waiting)
    {
        try
        {
            waiting.SetResult(await ask(question));
        }
        catch (Exception exception)
        {
            // Whatever it was: each of those who wait is told.
            waiting.SetException(exception);
        }

        GoOn(question, turn);
    }

    /// <summary>Asks for those who came meanwhile, or ends the turn.</summary>
    private void GoOn(TQuestion question, Turn turn)
    {
        TaskCompletionSource<TAnswer> waiting;
        lock (_lock)
        {
            if (turn.Next is null)
            {
                _turns.Remove(question);
                return;
            }

            (waiting, turn.Next, turn.Began) = (turn.Next, null, time.GetTimestamp());
        }

        // Whoever was answered goes on, and their request has nothing to do with those who wait.
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => _ = state.Shared.ServeAsync(state.Question, state.Turn, state.Waiting),
            (Shared: this, Question: question, Turn: turn, Waiting: waiting),
            preferLocal: false);
    }

    private sealed class Turn
    {
        public long Began { get; set; }

        public TaskCompletionSource<TAnswer>? Next { get; set; }
    }
}
