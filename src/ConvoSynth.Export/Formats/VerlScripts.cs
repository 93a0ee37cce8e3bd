namespace ConvoSynth.Export.Formats;

/// <summary>What stands beside rows for verl: the subclass that reads them, and the command that trains on them.</summary>
internal static class VerlScripts
{
    public const string Rows = """
        # Reads this folder's rows in verl: parses the messages and tools, and learns from the answers alone whose "train" is true.
        import json

        from verl.utils.dataset.multiturn_sft_dataset import MultiTurnSFTDataset


        class ConvoSynthRows(MultiTurnSFTDataset):
            def _read_files_and_process(self):
                super()._read_files_and_process()
                self.messages = [json.loads(messages) for messages in self.messages]
                if self.tools is not None:
                    self.tools = [json.loads(tools) if isinstance(tools, str) else None for tools in self.tools]

            def _build_messages(self, example):
                return super()._build_messages({**example, self.messages_key: json.loads(example[self.messages_key])})

            def _process_single_message(self, index, message, *args, **kwargs):
                message = dict(message)
                learned = message.pop("train", True)
                input_ids, loss_mask, attention_mask, inputs = super()._process_single_message(index, message, *args, **kwargs)
                return input_ids, loss_mask if learned else loss_mask * 0, attention_mask, inputs

        """;

    public static string Training(IReadOnlyList<string> splits) =>
        $"""
            #!/bin/sh
            # Trains on this folder; set the model, the lengths and the devices. verl renders each message by itself and compares the tokens
            # with those of the whole dialogue. If your template rewrites earlier turns, it ends there: data.ignore_input_ids_mismatch=True
            # trains on the parts all the same.
            torchrun --nnodes=1 --nproc_per_node=1 -m verl.trainer.sft_trainer \
              data.train_files="[$(ls data/train-*.parquet | paste -sd, -)]" \
              {(
                splits.Contains("validation")
                    ? "data.val_files=\"[$(ls data/validation-*.parquet | paste -sd, -)]\""
                    : "data.val_files=null"
            )} \
              data.custom_cls.path=verl_rows.py data.custom_cls.name=ConvoSynthRows \
              data.messages_key=messages data.tools_key=tools \
              data.max_length=16384 data.truncation=error \
              model.path=Qwen/Qwen2.5-0.5B-Instruct "$@"

            """;
}
