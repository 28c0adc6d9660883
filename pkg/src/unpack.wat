;; Decompresses one LZ4 block: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
;; It trusts its input, which comes with it. Copies are made sixteen bytes at a time and may write that much too far, into
;; what is overwritten next.
(module
  (memory (export "memory") 0)

  ;; A length of 15 or more goes on in further bytes. Gives it, and where the next byte is.
  (func $longer (param $length i32) (param $from i32) (result i32 i32)
    (local $byte i32)
    (if (i32.eq (local.get $length) (i32.const 15)) (then
      (loop $more
        (local.set $byte (i32.load8_u (local.get $from)))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (local.set $length (i32.add (local.get $length) (local.get $byte)))
        (br_if $more (i32.eq (local.get $byte) (i32.const 255))))))
    (local.get $length)
    (local.get $from))

  ;; From the bytes at $from up to $end, to $to.
  (func (export "unpack") (param $from i32) (param $end i32) (param $to i32)
    (local $token i32) (local $length i32) (local $match i32) (local $stop i32)
    (loop $sequence
      (local.set $token (i32.load8_u (local.get $from)))
      (call $longer
        (i32.shr_u (local.get $token) (i32.const 4))
        (i32.add (local.get $from) (i32.const 1)))
      (local.set $from)
      (local.set $length)
      (local.set $match (local.get $from))
      (local.set $stop (i32.add (local.get $to) (local.get $length)))
      (loop $literals
        (v128.store (local.get $to) (v128.load (local.get $match)))
        (local.set $match (i32.add (local.get $match) (i32.const 16)))
        (br_if $literals (i32.lt_u
          (local.tee $to (i32.add (local.get $to) (i32.const 16)))
          (local.get $stop))))
      (local.set $to (local.get $stop))
      (local.set $from (i32.add (local.get $from) (local.get $length)))
      (if (i32.lt_u (local.get $from) (local.get $end)) (then
        (local.set $match (i32.sub (local.get $to) (i32.load16_u (local.get $from))))
        (call $longer
          (i32.and (local.get $token) (i32.const 15))
          (i32.add (local.get $from) (i32.const 2)))
        (local.set $from)
        (local.set $length)
        (local.set $stop (i32.add (local.get $to) (i32.add (local.get $length) (i32.const 4))))
        ;; A match may overlap what is being written: then it repeats, byte by byte.
        (if (i32.lt_u (i32.sub (local.get $to) (local.get $match)) (i32.const 16))
          (then (loop $bytes
            (i32.store8 (local.get $to) (i32.load8_u (local.get $match)))
            (local.set $match (i32.add (local.get $match) (i32.const 1)))
            (br_if $bytes (i32.lt_u
              (local.tee $to (i32.add (local.get $to) (i32.const 1)))
              (local.get $stop)))))
          (else (loop $blocks
            (v128.store (local.get $to) (v128.load (local.get $match)))
            (local.set $match (i32.add (local.get $match) (i32.const 16)))
            (br_if $blocks (i32.lt_u
              (local.tee $to (i32.add (local.get $to) (i32.const 16)))
              (local.get $stop))))))
        (local.set $to (local.get $stop))
        (br $sequence))))))
